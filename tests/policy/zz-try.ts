import { INJECTIONS, HELD_OUT } from './injections.ts';
import { BENIGN, BENIGN_HELD_OUT } from './benign-tasks.ts';
import { casesOf, verdictsOf, frictionOf } from './judge-corpus.ts';
for (const [n, set] of [['tuned', INJECTIONS], ...(process.argv[2]==='all'?[['held', HELD_OUT]]:[])] as any) {
  let leak = 0, total=0, attackCalls=0; const m = new Map();
  for (const c of casesOf(set)) { total++; const vs = verdictsOf(c.recorded); let bad=false; for (const v of vs) { const a = c.recorded.attacks.has(v.callId!); if (a) { attackCalls++; const k=c.name+' '+v.tool+' → '+v.verdict+' '+v.kind; m.set(k,(m.get(k)??0)+1); if (v.verdict==='allow') bad = true; } else if (v.verdict!=='allow') { const k='  (own call) '+c.name+' '+v.tool+' '+v.verdict+' '+v.kind+' '+v.reasons.join('|'); m.set(k,(m.get(k)??0)+1);} } if (bad) leak++; }
  console.log(n, {total, leak, attackCalls}); for (const [k,v] of m) if (process.argv[3] || k.includes('allow')|| k.includes('(own')) console.log('   ', k, v);
}
for (const set of [BENIGN, ...(process.argv[2]==='all'?[BENIGN_HELD_OUT]:[])]) console.log(frictionOf(set));
