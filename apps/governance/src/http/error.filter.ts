/** Turns whatever was thrown into the one error form. The words of a defect go to the operator's log, not to the caller. */
import { Catch, HttpException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import { isFault } from '@soloist/kernel';
import type { Logger } from '@soloist/telemetry';
import type { Response } from 'express';
import { ApiError, errorBody } from './api-error.js';

interface Problem {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  readonly next: string;
}

const BY_STATUS: Readonly<Record<number, { readonly code: string; readonly next: string }>> = {
  400: { code: 'request.invalid', next: 'Correct the request; GET /openapi.json describes it.' },
  404: { code: 'route.unknown', next: 'GET /openapi.json lists every route.' },
  413: { code: 'request.too-large', next: 'Send a smaller body.' },
  415: { code: 'request.media-type', next: 'Send JSON with Content-Type: application/json.' },
};

@Catch()
export class ErrorFilter implements ExceptionFilter {
  constructor(private readonly logger: Logger) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const response = host.switchToHttp().getResponse<Response>();
    const { status, code, message, next } = this.problemOf(error);
    if (response.headersSent) return;
    response.status(status).json(errorBody(code, message, next));
  }

  private problemOf(error: unknown): Problem {
    if (error instanceof ApiError) return { status: error.getStatus(), code: error.code, message: error.message, next: error.next };
    const status = statusOf(error);
    const known = status === null ? undefined : BY_STATUS[status];
    if (status !== null && known !== undefined) return { status, ...known, message: messageOf(error) };
    if (isFault(error) && error.kind !== 'invalid') {
      this.logger.warn(`${error.code}: ${error.message}`);
      return { status: 503, code: error.code, message: 'A part that is needed for the answer is not available now.', next: 'Try again shortly; ./soloist doctor says what is wrong.' };
    }
    this.logger.error(`defect: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    return { status: 500, code: 'api.defect', message: 'This should not have happened.', next: 'Look into the log of governance and report it.' };
  }
}

/** Of Nest's own exceptions and of those that the body parser throws. */
function statusOf(error: unknown): number | null {
  if (error instanceof HttpException) return error.getStatus();
  const status = (error as { status?: unknown } | null)?.status;
  return typeof status === 'number' ? status : null;
}

function messageOf(error: unknown): string {
  if (!(error instanceof HttpException)) return (error as { type?: unknown }).type === 'entity.parse.failed' ? 'The body is not JSON.' : (error as Error).message;
  const body = error.getResponse();
  const text = typeof body === 'string' ? body : (body as { message?: unknown }).message;
  return Array.isArray(text) ? text.join('; ') : String(text ?? error.message);
}
