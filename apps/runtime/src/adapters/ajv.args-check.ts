/** Checks the arguments of a tool call against the tool's JSON Schema. */
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import type { CheckArgs } from '../domain/next-move.js';
import { allTools } from '../domain/tools.js';

const MAX_REASONS = 5;

/** Names every wrong field and the reason, never its value. Pure once made. */
export function ajvArgsCheck(): CheckArgs {
  const ajv = new Ajv2020({ allErrors: true, strict: true });
  const checks = new Map<string, ValidateFunction>(allTools().map((tool) => [tool.name, ajv.compile(tool.parameters)]));
  return (tool, args) => {
    const check = checks.get(tool.name);
    if (check === undefined) throw new Error(`tool ${tool.name} is not in the catalogue`);
    if (check(args)) return null;
    const reasons = (check.errors ?? []).slice(0, MAX_REASONS).map((error) => `${error.instancePath === '' ? 'arguments' : error.instancePath.slice(1)} ${error.message ?? 'is wrong'}${detailOf(error.params)}`);
    return `${reasons.join('; ')}. Correct the arguments and call ${tool.name} again.`;
  };
}

function detailOf(params: Readonly<Record<string, unknown>>): string {
  const extra = params['additionalProperty'];
  return typeof extra === 'string' ? ` (${extra.slice(0, 50).toWellFormed()})` : '';
}
