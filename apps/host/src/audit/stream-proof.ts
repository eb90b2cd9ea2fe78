/**
 * The commits of a package, stream by stream, under the running hash that signed heads cover.
 *
 * I1 a commit that is asked for is there as stored; one that is not is there as its digest, or lies between two signed
 *    heads with nothing asked for between them
 * I2 what does not meet a signed head is told, and written all the same
 */
import { createHash } from 'node:crypto';
import type { StoredMessage } from '@soloist/eventlog';
import { exportLine, messageDigest, type SignedHead } from '@soloist/eventlog/verify';
import type { Places } from './places.js';

/** Digests of one line. */
const DIGESTS_A_LINE = 500;

export interface StreamEnd {
  readonly stream: string;
  readonly sequence: number;
  readonly head: string;
}

export class StreamProof {
  private head = '0'.repeat(64);
  private sequence = 0;
  private commits = 0;
  private digests: string[] = [];
  private digestsFrom = 0;
  private lines: object[] = [];
  private jump: SignedHead | null = null;
  private nextHead = 0;
  private isBroken = false;

  /** @param heads of this stream, oldest first @param last the sequence up to which it is followed */
  constructor(
    readonly stream: string,
    private readonly heads: readonly SignedHead[],
    private readonly places: Places,
    readonly last: number,
  ) {}

  take(message: StoredMessage): void {
    if (message.sequence > this.last) return;
    const isShown = this.isShown(this.sequence, this.heads[this.nextHead]?.sequence ?? null);
    const digest = messageDigest(message);
    this.head = createHash('sha256').update(`${this.head}\n${message.sequence}\n${digest}`).digest('hex');
    this.sequence = message.sequence;
    if (isShown) this.show(message, digest);
    this.meetHead(isShown);
  }

  /** What is ready to be written. */
  taken(): readonly object[] {
    const { lines } = this;
    this.lines = [];
    return lines;
  }

  /** The last lines, and where the stream ended. */
  end(): { readonly lines: readonly object[]; readonly end: StreamEnd; readonly commits: number; readonly isBroken: boolean } {
    this.showJump();
    this.flush();
    const { stream, sequence, head, commits, isBroken } = this;
    return { lines: this.taken(), end: { stream, sequence, head }, commits, isBroken };
  }

  /** Behind the last signed head everything is shown, since nothing else would cover it. */
  private isShown(after: number, upTo: number | null): boolean {
    return upTo === null || upTo > this.last || this.places.hasWithin(this.stream, this.segmentStart(after), upTo);
  }

  private segmentStart(after: number): number {
    return this.nextHead === 0 ? 0 : (this.heads[this.nextHead - 1]?.sequence ?? after);
  }

  private show(message: StoredMessage, digest: string): void {
    this.showJump();
    if (this.places.has(message.stream, message.sequence)) {
      this.flush();
      this.commits += 1;
      this.lines.push({ ...(JSON.parse(exportLine(message)) as object), type: 'soloist.audit.commit' });
      return;
    }
    if (this.digests.length === 0) this.digestsFrom = message.sequence;
    this.digests.push(digest);
    if (this.digests.length === DIGESTS_A_LINE) this.flush();
  }

  private meetHead(isShown: boolean): void {
    const next = this.heads[this.nextHead];
    if (next === undefined || next.sequence > this.sequence) return;
    this.nextHead += 1;
    if (next.sequence !== this.sequence || next.head !== this.head) this.isBroken = true;
    if (!isShown) this.jump = next;
    else {
      this.flush();
      this.lines.push(next);
    }
  }

  private showJump(): void {
    if (this.jump !== null) this.lines.push(this.jump);
    this.jump = null;
  }

  private flush(): void {
    const { digests, digestsFrom: from, stream } = this;
    if (digests.length > 0) this.lines.push({ type: 'soloist.audit.digests', stream, from, digests });
    this.digests = [];
  }
}
