/** Rows in memory, with a note of which were touched. A whole projection, or the part that one batch of commits needs. */
import type { BookingRow, CallRow } from '../ports/cost-rows.js';
import type { AgentRow, GateRow, InboxRow, RunRow } from '../ports/governance-view.port.js';

class Table<Row> {
  private readonly rows = new Map<string, Row>();
  private readonly touched = new Set<string>();

  /** A row as it is stored already. */
  load(key: string, row: Row): void {
    this.rows.set(key, row);
  }
  get(key: string): Row | null {
    return this.rows.get(key) ?? null;
  }
  put(key: string, row: Row): void {
    this.rows.set(key, row);
    this.touched.add(key);
  }
  all(): readonly Row[] {
    return [...this.rows.values()];
  }
  changed(): readonly Row[] {
    return [...this.touched].map((key) => this.rows.get(key) as Row);
  }
}

export class RowSet {
  readonly runs = new Table<RunRow>();
  readonly gates = new Table<GateRow>();
  readonly agents = new Table<AgentRow>();
  readonly inbox = new Table<InboxRow>();
  readonly bookings = new Table<BookingRow>();
  readonly calls = new Table<CallRow>();
}
