/** Who sent a request, as the door found out. */
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';
import type { Caller } from '../ports/api-tokens.port.js';

const callers = new WeakMap<Request, Caller>();

export function admit(request: Request, caller: Caller): void {
  callers.set(request, caller);
}

export function callerOf(request: Request): Caller | null {
  return callers.get(request) ?? null;
}

/** The name that goes on record. A route that asks for it without having a caller is a defect. */
export const CallerName = createParamDecorator((_nothing: unknown, context: ExecutionContext): string => {
  const caller = callerOf(context.switchToHttp().getRequest<Request>());
  if (caller === null) throw new Error('a route that acts was reached without a caller');
  return caller.name;
});
