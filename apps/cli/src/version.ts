/** The one place the command line takes its version from. */
import { readFileSync } from 'node:fs';

export function soloistVersion(): string {
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string };
  return version;
}
