/** The one public API: a Nest module around the operator's view and the log. */
import { Module, StandardSchemaValidationPipe, type DynamicModule, type INestApplication } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { EventLog } from '@soloist/eventlog';
import type { HttpSurface } from '@soloist/service';
import { createLogger } from '@soloist/telemetry';
import type { GovernancePorts } from '../ports/governance-ports.js';
import { ApiError } from './api-error.js';
import { CompanyController } from './company.controller.js';
import { DeadLetters } from './dead-letters.js';
import { DeadController } from './dead.controller.js';
import { doorOf } from './door.js';
import { ErrorFilter } from './error.filter.js';
import { GateDecisions } from './gate-decisions.js';
import { GatesController } from './gates.controller.js';
import { HealthController } from './health.controller.js';
import { describeApi, OPENAPI, OpenApiController, type OpenApiHolder } from './openapi.js';
import { PolicyController } from './policy.controller.js';
import { RunsController } from './runs.controller.js';
import { SURROUNDINGS, type Surroundings } from './surroundings.js';

/** A decision is small; nothing else has a body. */
const MAX_BODY_BYTES = 16 * 1024;

@Module({})
class GovernanceHttpModule {}

export interface HttpOptions {
  readonly host: string;
  readonly port: number;
  readonly log: EventLog;
  readonly ports: Pick<GovernancePorts, 'view' | 'tokens'>;
}

export function governanceHttp({ host, port, log, ports }: HttpOptions): HttpSurface {
  const openapi: OpenApiHolder = { document: null };
  const surroundings: Surroundings = { log, view: ports.view, decisions: new GateDecisions(log), letters: new DeadLetters(log) };
  const module: DynamicModule = {
    module: GovernanceHttpModule,
    controllers: [HealthController, RunsController, GatesController, CompanyController, DeadController, PolicyController, OpenApiController],
    providers: [
      { provide: SURROUNDINGS, useValue: surroundings },
      { provide: OPENAPI, useValue: openapi },
    ],
  };
  return {
    host,
    port,
    module,
    prepare: (created) => {
      const application = created as NestExpressApplication;
      application.disable('x-powered-by');
      // Before the body is read: whoever may not enter is not listened to.
      application.use(doorOf(ports.tokens));
      application.useBodyParser('json', { limit: MAX_BODY_BYTES });
      application.useGlobalPipes(new StandardSchemaValidationPipe({ transform: true, exceptionFactory: invalidRequest }));
      application.useGlobalFilters(new ErrorFilter(createLogger('governance-api')));
      openapi.document = describeApi(application as INestApplication);
    },
  };
}

type Issues = Parameters<NonNullable<NonNullable<ConstructorParameters<typeof StandardSchemaValidationPipe>[0]>['exceptionFactory']>>[0];

function invalidRequest(issues: Issues): ApiError {
  const reasons = issues.map((issue) => {
    const path = (issue.path ?? []).map((part) => String(typeof part === 'object' ? part.key : part)).join('.');
    return path === '' ? issue.message : `${path}: ${issue.message}`;
  });
  return new ApiError(400, 'request.invalid', reasons.join('; '), 'Correct the request; GET /openapi.json describes it.');
}
