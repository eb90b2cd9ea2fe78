/**
 * fetch-release.mjs BASE ARCHIVE TARGET: downloads an official release archive, verifies it against the SHA256SUMS of the
 * same release, and writes the nats-server in it to TARGET. Nothing is written before the sum agrees. On failure the
 * first line on stderr says why. (Plain Node: neither curl nor tar nor sha256sum need be on the machine.)
 */
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

const ANSWER_MS = 5_000;
const DOWNLOAD_MS = 300_000;

/** A closed network must be noticed in seconds, a slow one may take its time: two deadlines. */
async function download(url) {
  const deadline = new AbortController();
  let timer = setTimeout(() => deadline.abort(new Error('no answer')), ANSWER_MS);
  try {
    const response = await fetch(url, { signal: deadline.signal });
    clearTimeout(timer);
    timer = setTimeout(() => deadline.abort(new Error('download too slow')), DOWNLOAD_MS);
    if (!response.ok) throw new Error(`status ${response.status}`);
    return Buffer.from(await response.arrayBuffer());
  } catch (error) {
    throw new Error(`${new URL(url).host}: ${error.cause?.code ?? error.message}`, { cause: error });
  } finally {
    clearTimeout(timer);
  }
}

function sumOf(list, archive) {
  for (const line of list.split('\n')) {
    const [sum, name] = line.trim().split(/\s+\*?/);
    if (name === archive && /^[0-9a-f]{64}$/.test(sum)) return sum;
  }
  throw new Error(`SHA256SUMS does not name ${archive}`);
}

/** A tar file is a row of 512-byte blocks: a header (name, octal size at 124), then the member's bytes, padded. */
function memberOf(tar, isWanted) {
  for (let at = 0; at + 512 <= tar.length && tar[at] !== 0; ) {
    const header = tar.subarray(at, at + 512);
    const name = header.subarray(0, 100).toString('utf8').replace(/\0.*$/s, '');
    const size = Number.parseInt(header.subarray(124, 136).toString('ascii'), 8);
    if (isWanted(name)) return tar.subarray(at + 512, at + 512 + size);
    at += 512 + Math.ceil(size / 512) * 512;
  }
  throw new Error('the archive holds no nats-server');
}

async function main([base, archive, target]) {
  const sum = sumOf((await download(`${base}/SHA256SUMS`)).toString('utf8'), archive);
  const bytes = await download(`${base}/${archive}`);
  if (createHash('sha256').update(bytes).digest('hex') !== sum) throw new Error(`checksum of ${archive} is wrong; it was thrown away`);
  writeFileSync(target, memberOf(gunzipSync(bytes), (name) => name.endsWith('/nats-server')), { mode: 0o755 });
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
