/** The workspace as the architecture tests see it: its projects, their manifests and their TypeScript sources. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

export const ROOT = resolve(import.meta.dirname, '../..');

export type Manifest = {
  readonly name: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
};

export const manifestOf = (project: string): Manifest => JSON.parse(readFileSync(join(ROOT, project, 'package.json'), 'utf8')) as Manifest;

/** Every folder with a package.json of its own, as a path from the root. */
export function projects(): string[] {
  const inGroups = ['apps', 'libs'].flatMap((group) => readdirSync(join(ROOT, group)).map((name) => `${group}/${name}`));
  return [...inGroups, 'tests', 'bench'].filter((project) => existsSync(join(ROOT, project, 'package.json')));
}

/** The TypeScript sources of a project, as paths from the root. */
export function sourcesOf(project: string): string[] {
  return readdirSync(join(ROOT, project), { recursive: true, encoding: 'utf8' })
    .map((name) => `${project}/${name.replaceAll('\\', '/')}`)
    .filter((file) => /\.tsx?$/.test(file) && !/\/(node_modules|dist)\//.test(file));
}

export const textOf = (file: string): string => readFileSync(join(ROOT, file), 'utf8');
