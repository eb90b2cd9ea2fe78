import { Controller, Get, Inject, Query, Req, Res } from '@nestjs/common';
import { ApiExtension, ApiHeader, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { NOTICE_TYPES } from '../stream/notice.js';
import { EventStreams, type NoticePage as Page, type Opening, type StreamWish } from '../stream/event-streams.js';
import { ApiError } from './api-error.js';
import { callerOf } from './caller.js';
import { EventsQuery, NoticePage, typesIn } from './event-schemas.js';
import { X_STREAM } from './openapi.js';
import { Requires } from './route-policy.js';
import { ErrorAnswer } from './schemas.js';
import { sseOutlet } from './sse-outlet.js';

const RETRY_AFTER_SECONDS = 10;
const STREAM = 'text/event-stream';

@ApiTags('events')
@Controller('v1/events')
export class EventsController {
  constructor(@Inject(EventStreams) private readonly streams: EventStreams) {}

  @Get()
  @Requires('read')
  @ApiOperation({ summary: 'What happens, as it happens: notices about gates, runs, effects, budget lines and the company stop. With Accept: text/event-stream a stream of server-sent events, each with an id that Last-Event-ID goes on behind, exactly; else one page. Without a token it begins now, with after=start at the first notice.' })
  @ApiHeader({ name: 'Last-Event-ID', required: false, description: 'The id of the last event that came; wins over after.' })
  @ApiExtension(X_STREAM, true)
  @ApiResponse({ status: 200, standardSchema: NoticePage, description: `A page; in the stream each event's data is one Notice. Types: ${NOTICE_TYPES.join(', ')}.` })
  @ApiResponse({ status: 400, standardSchema: ErrorAnswer, description: 'A type that is none, or a token that is none of ours, or of what the log no longer holds.' })
  @ApiResponse({ status: 503, standardSchema: ErrorAnswer, description: 'All streams are taken, or governance is going down; Retry-After says for how many seconds to wait.' })
  async events(@Query({ schema: EventsQuery }) query: EventsQuery, @Req() request: Request, @Res() response: Response): Promise<void> {
    const wish: StreamWish = { after: request.get('last-event-id') ?? query.after ?? null, types: typesIn(query) };
    if (request.method === 'HEAD' || request.accepts('application/json', STREAM) !== STREAM) {
      response.json(await this.page(wish, query.limit));
      return;
    }
    const caller = callerOf(request);
    if (caller === null) throw new Error('a stream was asked for without a caller');
    const opening = await this.streams.begin(caller, wish);
    if (opening.outcome !== 'open') throw refusalOf(opening.outcome, response);
    const listening = opening.listen(sseOutlet(response));
    response.once('close', () => listening.leave());
    if (response.destroyed) listening.leave();
    await listening.ended;
  }

  private async page(wish: StreamWish, limit: number): Promise<Page> {
    const page = await this.streams.page(wish, limit);
    if (typeof page === 'string') throw refusalOf(page);
    return page;
  }
}

function refusalOf(outcome: Exclude<Opening['outcome'], 'open'>, response?: Response): ApiError {
  switch (outcome) {
    case 'bad-token':
      return new ApiError(400, 'events.token-invalid', 'The resume token is none of this log.', 'Send the id of an event as it came, or begin anew without one: read the rows (GET /v1/runs, /v1/gates), then listen from now on.');
    case 'stale-token':
      return new ApiError(400, 'events.token-stale', 'The log no longer holds what the resume token stands behind: it was restored or cut.', 'Begin anew without a token: read the rows (GET /v1/runs, /v1/gates), then listen from now on.');
    case 'own-full':
      response?.setHeader('Retry-After', String(RETRY_AFTER_SECONDS));
      return new ApiError(429, 'events.too-many', 'The token has as many streams open as it may have.', 'Close one, or listen with one stream for all types.');
    case 'all-full':
      response?.setHeader('Retry-After', String(RETRY_AFTER_SECONDS));
      return new ApiError(503, 'events.full', 'All streams are taken.', 'Come back later, as Retry-After says; until then ask for pages: without Accept: text/event-stream.');
    case 'ending':
      response?.setHeader('Retry-After', String(RETRY_AFTER_SECONDS));
      return new ApiError(503, 'events.ending', 'Governance is going down.', 'Come back with Last-Event-ID when it is up again.');
  }
}
