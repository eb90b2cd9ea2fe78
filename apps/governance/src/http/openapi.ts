/** The API's own description, made from routes and schemas. */
import { Controller, Get, Inject, type INestApplication } from '@nestjs/common';
import { ApiExcludeController, DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { Requires } from './route-policy.js';

export const OPENAPI = Symbol('governance-openapi');

/** The document can only be made once the application exists, and its controller exists before that. */
export interface OpenApiHolder {
  document: OpenAPIObject | null;
}

@ApiExcludeController()
@Controller()
export class OpenApiController {
  constructor(@Inject(OPENAPI) private readonly holder: OpenApiHolder) {}

  @Get('openapi.json')
  @Requires('read')
  openapi(): OpenAPIObject {
    if (this.holder.document === null) throw new Error('the API was not prepared');
    return this.holder.document;
  }
}

export function describeApi(application: INestApplication): OpenAPIObject {
  const about = new DocumentBuilder()
    .setTitle('Soloist')
    .setDescription('Runs, gates, agents and the inbox of a company of one. Errors: {"error":{"code","message","next"}}.')
    .setVersion('1')
    .addBearerAuth({ type: 'http', scheme: 'bearer', description: 'The token of the file api-token in the secrets folder, or one that the operator made. x-scope names the scope that a route asks for: one of read, decide, operate and admin, or owner, which only the operator is.' })
    .addSecurityRequirements('bearer')
    .build();
  return withStreams(SwaggerModule.createDocument(application, about));
}

/** The mark of a route that also answers with a stream of server-sent events; content types per answer are not to be had otherwise. */
export const X_STREAM = 'x-event-stream';

function withStreams(document: OpenAPIObject): OpenAPIObject {
  for (const { get } of Object.values(document.paths)) {
    const answer = get?.responses['200'];
    if (get === undefined || !(X_STREAM in get) || answer === undefined || !('content' in answer)) continue;
    answer.content = { ...answer.content, 'text/event-stream': { schema: { type: 'string' } } };
  }
  return document;
}
