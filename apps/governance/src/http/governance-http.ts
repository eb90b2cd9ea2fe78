/** The one public API: a Nest module around the operator's view and the log. */
import { Module, StandardSchemaValidationPipe, type DynamicModule, type INestApplication, type Type } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { EventLog, KeyTable } from '@soloist/eventlog';
import type { HttpSurface } from '@soloist/service';
import { createLogger } from '@soloist/telemetry';
import { CompanyStop } from '../decisions/company-stop.js';
import type { GovernancePorts } from '../ports/governance-ports.js';
import { EventStreams } from '../stream/event-streams.js';
import { ApiError } from './api-error.js';
import { BudgetController } from './budget.controller.js';
import { CompanyController } from './company.controller.js';
import { CostController } from './cost.controller.js';
import { DeadLetters } from './dead-letters.js';
import { DeadController } from './dead.controller.js';
import { doorOf } from './door.js';
import { ErrorFilter } from './error.filter.js';
import { EventsController } from './events.controller.js';
import { GateDecisions } from './gate-decisions.js';
import { GatesController } from './gates.controller.js';
import { HealthController } from './health.controller.js';
import { MailingDesk } from './mailing-desk.js';
import { MailingController } from './mailing.controller.js';
import { describeApi, OPENAPI, OpenApiController, type OpenApiHolder } from './openapi.js';
import { OverridesController } from './overrides.controller.js';
import { PolicyController } from './policy.controller.js';
import { PinsController } from './pins.controller.js';
import { ProgramsController } from './programs.controller.js';
import { ApprovalController } from './page/approval.controller.js';
import { requirePolicies, ScopeGuard } from './route-policy.js';
import { RunsController } from './runs.controller.js';
import { StopController } from './stop.controller.js';
import { SURROUNDINGS, type Surroundings } from './surroundings.js';
import { WebhookDesk } from './webhook-desk.js';
import { WebhooksController } from './webhooks.controller.js';
import { WhyController } from './why.controller.js';
import { TokensController } from './tokens.controller.js';

/** A decision is small, unless it carries an edited text. */
const MAX_BODY_BYTES = 256 * 1024;

/** A form spells every byte of a foreign letter with three. */
const MAX_FORM_BYTES = 3 * MAX_BODY_BYTES;

const CONTROLLERS: Type[] = [HealthController, ApprovalController, StopController, BudgetController, CostController, OverridesController, RunsController, ProgramsController, PinsController, GatesController, CompanyController, DeadController, EventsController, MailingController, PolicyController, TokensController, WebhooksController, WhyController, OpenApiController];

@Module({})
class GovernanceHttpModule {}

export interface HttpOptions {
  readonly host: string;
  readonly port: number;
  readonly log: EventLog;
  readonly keys: Pick<KeyTable, 'subjectFor'>;
  readonly ports: Pick<GovernancePorts, 'view' | 'tokens' | 'links' | 'rounds'>;
  /** Where the operator's phone reaches the approval pages, when it is not this machine. */
  readonly approvalOrigin?: string | null;
}

export function governanceHttp({ host, port, log, keys, ports, approvalOrigin = null }: HttpOptions): HttpSurface {
  requirePolicies(CONTROLLERS);
  const openapi: OpenApiHolder = { document: null };
  const surroundings: Surroundings = { log, view: ports.view, decisions: new GateDecisions(log), letters: new DeadLetters(log), links: ports.links, now: () => ports.rounds.now(), approvalOrigin, companyStop: new CompanyStop(log), tokens: ports.tokens };
  const module: DynamicModule = {
    module: GovernanceHttpModule,
    controllers: CONTROLLERS,
    providers: [
      { provide: SURROUNDINGS, useValue: surroundings },
      { provide: OPENAPI, useValue: openapi },
      { provide: WebhookDesk, useValue: new WebhookDesk(log) },
      { provide: MailingDesk, useValue: new MailingDesk(log, keys, () => ports.rounds.now()) },
      { provide: EventStreams, useValue: new EventStreams(log, ports.tokens, ports.rounds) },
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
      application.use(doorOf({ tokens: ports.tokens, now: () => ports.rounds.now(), approvalOrigin }));
      application.useBodyParser('json', { limit: MAX_BODY_BYTES });
      application.useBodyParser('urlencoded', { limit: MAX_FORM_BYTES, extended: false });
      application.useGlobalPipes(new StandardSchemaValidationPipe({ transform: true, exceptionFactory: invalidRequest }));
      application.useGlobalFilters(new ErrorFilter(createLogger('governance-api')));
      application.useGlobalGuards(new ScopeGuard());
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
