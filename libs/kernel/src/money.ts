/** Money is an integer of micro-units (1 USD = 1 000 000) plus a currency; floats never touch the books. */
export interface Money {
  readonly micros: number;
  readonly currency: string;
}

export function formatMoney(money: Money): string {
  const sign = money.micros < 0 ? '-' : '';
  const whole = Math.trunc(Math.abs(money.micros) / 1_000_000);
  const fraction = String(Math.abs(money.micros) % 1_000_000).padStart(6, '0').replace(/0{1,4}$/, '');
  return `${sign}${whole}.${fraction} ${money.currency}`;
}
