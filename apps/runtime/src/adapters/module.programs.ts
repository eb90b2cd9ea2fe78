/** Programs come from the operator's own ES module; what it exports is checked before anything runs. */
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { defineProgram, ProgramRegistry, type Program } from '../program/define-program.js';

/** @throws Error naming the module, what is wrong with it and what to do */
export async function loadPrograms(file: string | null): Promise<ProgramRegistry> {
  if (file === null) return new ProgramRegistry([]);
  const module = (await import(pathToFileURL(resolve(file)).href).catch((error: unknown) => {
    throw new Error(`SOLOIST_PROGRAMS: ${file} cannot be loaded (${error instanceof Error ? error.message : String(error)}). Correct the module or the path.`);
  })) as { readonly programs?: unknown };
  if (!Array.isArray(module.programs)) throw new Error(`SOLOIST_PROGRAMS: ${file} must export \`programs\`, an array of { name, version, run, inputSchema? }.`);
  return new ProgramRegistry(module.programs.map((candidate, index) => checked(file, candidate, index)));
}

function checked(file: string, candidate: unknown, index: number): Program {
  const { name, version, run, inputSchema = null } = (candidate ?? {}) as Partial<Program>;
  if (typeof name !== 'string' || typeof version !== 'string' || typeof run !== 'function') {
    throw new Error(`SOLOIST_PROGRAMS: programs[${index}] of ${file} must be { name, version, run }.`);
  }
  return defineProgram({ name, version, inputSchema, run: run as never });
}
