/** Every answer that is no result: a stable code, what happened, and what to do next. */
import { HttpException } from '@nestjs/common';

export class ApiError extends HttpException {
  constructor(
    status: number,
    readonly code: string,
    message: string,
    readonly next: string,
  ) {
    super(message, status);
  }
}

export function errorBody(code: string, message: string, next: string): { readonly error: { code: string; message: string; next: string } } {
  return { error: { code, message, next } };
}

export const unknownRun = (runId: string): ApiError => new ApiError(404, 'run.unknown', `There is no run ${runId}.`, 'List the runs: GET /v1/runs.');
export const unknownGate = (gateId: string): ApiError => new ApiError(404, 'gate.unknown', `There is no gate ${gateId}.`, 'List the open gates: GET /v1/gates?state=open.');
