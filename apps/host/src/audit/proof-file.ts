/**
 * The file of a package, written line by line: canonical JSON, one spelling a line, hashed as it grows.
 *
 * I1 a file is never written over
 * I2 the last line covers all before it and is signed with the key of the log
 */
import { createHash, createPublicKey, sign, type KeyObject } from 'node:crypto';
import { open, type FileHandle } from 'node:fs/promises';
import { lineOf, logKeyId } from '@soloist/eventlog/verify';

export class ProofFile {
  private readonly hash = createHash('sha256');

  private constructor(private readonly handle: FileHandle) {}

  /** @throws Error of the file system, also when the file exists */
  static async create(file: string): Promise<ProofFile> {
    return new ProofFile(await open(file, 'wx', 0o600));
  }

  async write(records: readonly object[]): Promise<void> {
    if (records.length === 0) return;
    const bytes = Buffer.from(records.map((record) => `${lineOf(record)}\n`).join(''));
    this.hash.update(bytes);
    await this.handle.writeFile(bytes);
  }

  async end(record: object, key: KeyObject): Promise<void> {
    const whole = { ...record, sha256: this.hash.digest('hex'), keyId: logKeyId(createPublicKey(key)) };
    const signature = sign(null, Buffer.from(lineOf(whole)), key).toString('base64url');
    await this.handle.writeFile(`${lineOf({ ...whole, signature })}\n`);
    await this.handle.sync();
  }

  close(): Promise<void> {
    return this.handle.close();
  }
}
