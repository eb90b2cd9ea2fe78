/** How a command is put into the grammar. Its code is loaded when it is called. */
import type { Command } from 'commander';
import type { Surroundings } from '../surroundings.js';

/** Answers the exit code, or nothing for 0. */
export type Run = (surroundings: Surroundings, options: Readonly<Record<string, unknown>>, ...words: string[]) => Promise<number | void>;

export type Add = (parent: Command, usage: string, about: string, load: () => Promise<Run>) => Command;
