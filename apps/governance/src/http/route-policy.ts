/**
 * What a route asks of its caller. It is declared at the route, beside its schemas, and goes into the description.
 *
 * I1 a route without a declared policy keeps the API from starting, and would let nobody in
 * I2 the guard lets in whoever has the one scope that the route names; `owner` is the operator and nobody else
 * I3 `open` (health) and `link` (approval pages, which check their own codes) are the only policies without a caller
 */
import { applyDecorators, SetMetadata, type CanActivate, type ExecutionContext, type Type } from '@nestjs/common';
import { ApiBearerAuth, ApiExtension, ApiResponse } from '@nestjs/swagger';
import type { Request } from 'express';
import type { Scope } from '../ports/api-tokens.port.js';
import { ApiError } from './api-error.js';
import { callerOf } from './caller.js';
import { ErrorAnswer } from './schemas.js';

export type RoutePolicy = Scope | 'owner' | 'open' | 'link';

const POLICY = 'soloist:route-policy';
/** Nest's own mark of a method that answers a route. */
const NEST_ROUTE = 'method';

export function Requires(policy: RoutePolicy): MethodDecorator {
  const declared = [SetMetadata(POLICY, policy), ApiExtension('x-scope', policy)];
  if (policy === 'open' || policy === 'link') return applyDecorators(...declared);
  return applyDecorators(
    ...declared,
    ApiBearerAuth('bearer'),
    ApiResponse({ status: 401, standardSchema: ErrorAnswer, description: 'No token, or one that is unknown, revoked or over.' }),
    ApiResponse({ status: 403, standardSchema: ErrorAnswer, description: `The token has not the scope ${policy}.` }),
    ApiResponse({ status: 429, standardSchema: ErrorAnswer, description: 'Too many requests; Retry-After says for how many seconds to wait.' }),
  );
}

export class ScopeGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const policy = policyOf(context.getHandler());
    if (policy === undefined) throw new Error(`${context.getClass().name}.${context.getHandler().name} declares no policy`);
    if (policy === 'open' || policy === 'link') return true;
    const caller = callerOf(context.switchToHttp().getRequest<Request>());
    if (caller === null) throw new Error('a route with a policy was reached without a caller');
    if (caller.isOperator || caller.scopes.some((scope) => scope === policy)) return true;
    throw policy === 'owner'
      ? new ApiError(403, 'token.not-owner', 'This is for the operator alone; no token has it.', "Use the operator's own token, of the file api-token in the secrets folder.")
      : new ApiError(403, 'token.scope', `The token ${caller.name} has not the scope ${policy}.`, `Have a token made that has it: ./soloist token create NAME --scope ${policy}.`);
  }
}

/** @throws Error naming every route that declares no policy */
export function requirePolicies(controllers: readonly Type[]): void {
  const bare = controllers.flatMap((controller) => routesOf(controller).filter((method) => policyOf(method) === undefined).map((method) => `${controller.name}.${method.name}`));
  if (bare.length > 0) throw new Error(`routes without a declared policy: ${bare.join(', ')}. Put @Requires(...) beside their schemas.`);
}

type Method = (...given: never[]) => unknown;

function routesOf(controller: Type): readonly Method[] {
  const methods: Method[] = [];
  for (let prototype = controller.prototype as object | null; prototype !== null && prototype !== Object.prototype; prototype = Object.getPrototypeOf(prototype) as object | null) {
    for (const { value } of Object.values(Object.getOwnPropertyDescriptors(prototype))) {
      if (typeof value === 'function' && Reflect.hasMetadata(NEST_ROUTE, value)) methods.push(value as Method);
    }
  }
  return methods;
}

function policyOf(method: object): RoutePolicy | undefined {
  return Reflect.getMetadata(POLICY, method) as RoutePolicy | undefined;
}
