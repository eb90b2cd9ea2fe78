/**
 * Payloads outside their events: sealed, content-addressed, written once.
 *
 * I1 the name is the SHA-256 of the sealed bytes, so that a reader proves what it got without any key
 * I2 the broker keeps one message per chunk for ever; what is there already must be equal, byte for byte
 * I3 a blob is put before the event that refers to it
 *
 * Form of the sealed bytes: one byte format (1) | one byte length | data subject | nonce, ciphertext, tag.
 */
import { BLOB_CHUNK_BYTES, HUB, type BlobRef, type Context } from '@soloist/contracts';
import { EXPECTED_SEQUENCE } from '../codec/message.js';
import { seal, unseal, type SealPlace } from '../codec/sealing.js';
import { sha256Hex } from '../commit-id.js';
import { logFault } from '../errors.js';
import type { KeyTable } from '../event-log.port.js';
import { refusal } from './append.js';
import { STREAM, type Broker } from './broker.port.js';

const FORMAT = 1;

export async function putBlob(broker: Broker, keys: KeyTable, owner: Context, bytes: Uint8Array, dataSubject: string): Promise<BlobRef> {
  const key = await keys.keyFor(dataSubject);
  if (key === null) throw logFault('log.subject-erased', `data subject ${dataSubject}`);
  const sealed = envelope(key, owner, dataSubject, bytes);
  const sha256 = sha256Hex(sealed);
  const chunks = Math.ceil(sealed.length / BLOB_CHUNK_BYTES);
  for (let index = 0; index < chunks; index += 1) {
    await putChunk(broker, chunkSubject(owner, sha256, index), sealed.subarray(index * BLOB_CHUNK_BYTES, (index + 1) * BLOB_CHUNK_BYTES));
  }
  return { owner, sha256, bytes: bytes.length, chunks };
}

export async function getBlob(broker: Broker, keys: KeyTable, ref: BlobRef): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for (let index = 0; index < ref.chunks; index += 1) {
    const chunk = await broker.last(STREAM.blobs, chunkSubject(ref.owner, ref.sha256, index));
    if (chunk === null) throw logFault('log.blob-missing', `blob ${ref.sha256} of ${ref.owner}: chunk ${index} of ${ref.chunks}`);
    parts.push(chunk.body);
  }
  const sealed = Buffer.concat(parts);
  if (sha256Hex(sealed) !== ref.sha256) throw tampered(ref, 'the bytes do not have the hash they are named by');
  return opened(sealed, keys, ref);
}

function envelope(key: Uint8Array, owner: string, dataSubject: string, bytes: Uint8Array): Buffer {
  const subject = Buffer.from(dataSubject, 'latin1');
  return Buffer.concat([Buffer.from([FORMAT, subject.length]), subject, seal(key, blobPlace(owner), bytes)]);
}

async function opened(sealed: Buffer, keys: KeyTable, ref: BlobRef): Promise<Uint8Array> {
  if (sealed[0] !== FORMAT) throw tampered(ref, `format ${sealed[0]} is not known to this release`);
  const end = 2 + (sealed[1] ?? 0);
  const key = await keys.existingKey(sealed.toString('latin1', 2, end));
  if (key === null) throw logFault('log.blob-erased', `blob ${ref.sha256} of ${ref.owner}`);
  const plaintext = unseal(key, blobPlace(ref.owner), sealed.subarray(end));
  if (plaintext === null) throw tampered(ref, 'it does not open under the key of its data subject');
  if (plaintext.length !== ref.bytes) throw tampered(ref, `it holds ${plaintext.length} bytes, the reference says ${ref.bytes}`);
  return plaintext;
}

async function putChunk(broker: Broker, subject: string, body: Uint8Array): Promise<void> {
  const answer = await broker.publish({ subject, headers: [[EXPECTED_SEQUENCE, '0']], body });
  if (answer.kind === 'stored') return;
  if (answer.kind === 'refused') throw refusal(subject, answer);
  const present = await broker.last(STREAM.blobs, subject);
  if (present === null) throw logFault('log.read-failed', `${subject} was not confirmed and is not there yet`);
  if (Buffer.compare(present.body, body) !== 0) throw logFault('log.blob-tampered', `${subject} holds other bytes than its name says`);
}

function tampered(ref: BlobRef, detail: string): Error {
  return logFault('log.blob-tampered', `blob ${ref.sha256} of ${ref.owner}: ${detail}`);
}

function chunkSubject(owner: string, sha256: string, index: number): string {
  return `blob.${HUB}.${owner}.${sha256}.${index}`;
}

function blobPlace(owner: string): SealPlace {
  return { domain: 'blob', parts: [owner] };
}
