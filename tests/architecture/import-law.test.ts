/**
 * The linter is the guard of the import law, so the guard itself is tried: in a copy of the workspace every law is broken
 * once, and each breach must be reported by the rule that owns it, and nothing else; honest files must pass.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { BREACHES, HONEST_FILES } from './breaches.js';
import { projects, ROOT } from './workspace.js';

const ROOT_FILES = ['package.json', 'package-lock.json', 'nx.json', 'tsconfig.base.json', 'tsconfig.json', 'eslint.config.mjs', 'tools'];

let copy = '';
let reported = new Map<string, readonly string[]>();

function copyWorkspace(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'soloist-import-law-')));
  for (const name of ROOT_FILES) cpSync(join(ROOT, name), join(folder, name), { recursive: true });
  for (const project of projects()) {
    for (const name of ['package.json', 'tsconfig.json']) cpSync(join(ROOT, project, name), join(folder, project, name));
    if (project.includes('/')) plant(folder, `${project}/src/index.ts`, 'export const name = 1;\n');
  }
  linkPackages(folder);
  return folder;
}

/** The packages of the real tree; our own ones point into the copy, as npm would lay them. */
function linkPackages(folder: string): void {
  mkdirSync(join(folder, 'node_modules/@soloist'), { recursive: true });
  for (const name of readdirSync(join(ROOT, 'node_modules'))) {
    if (name !== '@soloist') symlinkSync(join(ROOT, 'node_modules', name), join(folder, 'node_modules', name));
  }
  for (const project of projects()) symlinkSync(join(folder, project), join(folder, 'node_modules/@soloist', basename(project)));
}

function plant(folder: string, file: string, text: string): void {
  mkdirSync(dirname(join(folder, file)), { recursive: true });
  writeFileSync(join(folder, file), text);
}

function lint(folder: string, files: readonly string[]): Map<string, readonly string[]> {
  const run = spawnSync(process.execPath, [join(folder, 'tools/lint/run.mjs'), '--format=json', ...files], {
    cwd: folder,
    encoding: 'utf8',
    maxBuffer: 64 << 20,
  });
  if (!run.stdout.startsWith('[')) throw new Error(`the linter gave no report: ${run.stdout}${run.stderr}`);
  const results = JSON.parse(run.stdout) as { filePath: string; messages: { ruleId: string | null; message: string }[] }[];
  return new Map(results.map((result) => [result.filePath, result.messages.map(({ ruleId, message }) => ruleId ?? message)]));
}

beforeAll(() => {
  copy = copyWorkspace();
  const planted = [...BREACHES.flatMap(({ files }) => Object.entries(files)), ...Object.entries(HONEST_FILES)];
  for (const [file, text] of planted) plant(copy, file, text);
  reported = lint(copy, planted.map(([file]) => file));
});

afterAll(() => rmSync(copy, { recursive: true, force: true }));

const rulesOf = (file: string): readonly string[] => [...new Set(reported.get(join(copy, file)) ?? ['not linted'])].sort();

describe('a breach of the import law is reported', () => {
  for (const { law, files, rules } of BREACHES) {
    test(law, () => {
      for (const file of Object.keys(files)) expect(rulesOf(file), file).toEqual([...rules].sort());
    });
  }
});

describe('an honest file passes', () => {
  test.each(Object.keys(HONEST_FILES))('%s', (file) => {
    expect(rulesOf(file)).toEqual([]);
  });
});
