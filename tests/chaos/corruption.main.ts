/** `node --conditions=@soloist/source --import ./tools/register.mjs tests/chaos/corruption.main.ts [COUNT] [SEED]` */
import { damageLog } from './corruption.js';

const [count = '10000', seed = '1'] = process.argv.slice(2);
const began = performance.now();
const result = await damageLog(Number(count), Number(seed), (line) => process.stdout.write(`${line}\n`));
process.stdout.write(`${JSON.stringify({ type: 'corruption', seed: Number(seed), ...result, seconds: Math.round((performance.now() - began) / 1000) })}\n`);
process.exitCode = result.undetected === 0 ? 0 : 1;
