import { MUTANTS } from './mutants.js';
import { describeFailure, runSeeds } from './seeds.js';
for (const { name, mutation } of MUTANTS) {
  let first = '';
  const counts = await runSeeds(1, 300, { mutation, stopsAtFirst: true, onFailure: (report) => (first = describeFailure(report).split('\n')[0] ?? '') });
  console.log(counts.violations > 0 ? 'caught ' : 'MISSED ', name, counts.seeds, '|', first.slice(0, 250));
}
