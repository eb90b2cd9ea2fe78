/** Debian's chromium, driven by playwright-core: a profile of its own for each start, and no way to the network. */
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium, type Browser } from 'playwright-core';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];
const FLAGS = ['--disable-gpu', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--font-render-hinting=none'];

/** @throws Error when there is none: ./soloist test fetches one */
export function chromiumFile(): string {
  const named = process.env['SOLOIST_CHROMIUM_BIN'];
  if (named !== undefined && named !== '') return named;
  const found = (process.env['PATH'] ?? '').split(delimiter).flatMap((folder) => NAMES.map((name) => join(folder, name))).find(isExecutable);
  if (found === undefined) throw new Error('There is no chromium on PATH and SOLOIST_CHROMIUM_BIN is not set. Run ./soloist test, or install the package chromium.');
  return found;
}

export function startBrowser(): Promise<Browser> {
  const isRoot = process.getuid?.() === 0;
  return chromium.launch({ executablePath: chromiumFile(), headless: true, args: isRoot ? [...FLAGS, '--no-sandbox'] : FLAGS });
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
