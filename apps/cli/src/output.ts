/**
 * Where words go: results to standard output, messages to standard error.
 *
 * I1 with --json, standard output holds JSON and nothing else, errors included
 * I2 tables and colours are for a terminal only; a pipe gets one record per line, fields separated by tabs
 */
import { styleText } from 'node:util';
import type { Failure } from './failure.js';

export interface Streams {
  readonly out: NodeJS.WritableStream & { readonly isTTY?: boolean };
  readonly err: NodeJS.WritableStream & { readonly isTTY?: boolean };
  readonly environment: Readonly<Record<string, string | undefined>>;
}

type Style = Parameters<typeof styleText>[0];
export type Row = readonly (string | number)[];

export class Output {
  readonly isTerminal: boolean;
  private readonly isColoured: boolean;

  constructor(
    readonly isJson: boolean,
    private readonly streams: Streams,
  ) {
    this.isTerminal = streams.out.isTTY === true && !isJson;
    this.isColoured = wantsColour(streams);
  }

  /** A result for people; with --json nothing, the JSON form is written by `json`. */
  line(text = ''): void {
    if (!this.isJson) this.streams.out.write(`${text}\n`);
  }

  /** Lines that are the result in every mode, such as JSON Lines. */
  result(text: string): void {
    this.streams.out.write(text);
  }

  /** One JSON document on one line; without --json nothing. */
  json(document: { readonly type: string } & Readonly<Record<string, unknown>>): void {
    if (this.isJson) this.streams.out.write(`${JSON.stringify(document)}\n`);
  }

  /** Something to read beside the result. */
  message(text: string): void {
    if (!this.isJson) this.streams.err.write(`${text}\n`);
  }

  /** Passed through in every mode: log lines of the services. */
  log(text: string): void {
    this.streams.err.write(`${text}\n`);
  }

  style(style: Style, text: string): string {
    return this.isColoured ? styleText(style, text, { validateStream: false }) : text;
  }

  async table(head: readonly string[], rows: readonly Row[]): Promise<void> {
    if (this.isJson) return;
    if (!this.isTerminal) {
      // A tab or a line end inside a field would make two fields or two records of it.
      for (const row of rows) this.line(row.map((field) => String(field).replaceAll(/[\t\r\n]+/g, ' ')).join('\t'));
      return;
    }
    const { default: Table } = await import('cli-table3');
    const table = new Table({ head: head.map((title) => this.style('bold', title)), style: { head: [], border: [] }, chars: PLAIN_BORDERS });
    table.push(...rows.map((row) => [...row]));
    this.line(table.toString());
  }

  failure(failure: Failure): void {
    const { code, message, next } = failure;
    if (this.isJson) this.json({ type: 'error', code, message, next });
    else this.streams.err.write(`${this.style('red', 'error')} ${code}: ${message}\n  next: ${next}\n`);
  }
}

const PLAIN_BORDERS = {
  top: '', 'top-mid': '', 'top-left': '', 'top-right': '', bottom: '', 'bottom-mid': '', 'bottom-left': '', 'bottom-right': '',
  left: '', 'left-mid': '', mid: '', 'mid-mid': '', right: '', 'right-mid': '', middle: '  ',
};

function wantsColour({ out, environment }: Streams): boolean {
  if ((environment['NO_COLOR'] ?? '') !== '' || environment['TERM'] === 'dumb') return false;
  return (environment['FORCE_COLOR'] ?? '') !== '' || out.isTTY === true;
}
