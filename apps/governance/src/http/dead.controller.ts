import { Body, Controller, Get, HttpCode, Inject, Param, Post, Res } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { CallerName } from './caller.js';
import { DeadLetterCard, DeadLetterList, Discard, ErrorAnswer, LetterId } from './schemas.js';
import { Requires } from './route-policy.js';
import { SURROUNDINGS, type Surroundings } from './surroundings.js';

@ApiTags('dead letters')
@Controller('v1/dead')
export class DeadController {
  constructor(@Inject(SURROUNDINGS) private readonly api: Surroundings) {}

  @Get()
  @Requires('read')
  @ApiOperation({ summary: 'Messages that no reactor could work on, oldest first.' })
  @ApiResponse({ status: 200, standardSchema: DeadLetterList })
  async list(): Promise<{ letters: readonly DeadLetterCard[]; unreadable: number }> {
    return this.api.letters.list();
  }

  @Get(':id')
  @Requires('read')
  @ApiOperation({ summary: 'One letter, with what became of it.' })
  @ApiResponse({ status: 200, standardSchema: DeadLetterCard })
  @ApiResponse({ status: 404, standardSchema: ErrorAnswer })
  async show(@Param('id', { schema: LetterId }) id: string): Promise<DeadLetterCard> {
    return this.api.letters.show(id);
  }

  @Post(':id/retry')
  @Requires('operate')
  @HttpCode(200)
  @ApiOperation({ summary: 'Hands the message to the same reactors once more. A try that fails leaves the letter open with the new reason.' })
  @ApiResponse({ status: 200, standardSchema: DeadLetterCard })
  @ApiResponse({ status: 202, standardSchema: DeadLetterCard, description: 'The wish is durable, but its outcome was not on record within ten seconds.' })
  @ApiResponse({ status: 404, standardSchema: ErrorAnswer })
  @ApiResponse({ status: 409, standardSchema: ErrorAnswer, description: 'The letter is settled, or holds nothing to hand over.' })
  async retry(@Param('id', { schema: LetterId }) id: string, @CallerName() by: string, @Res({ passthrough: true }) response: Response): Promise<DeadLetterCard> {
    return answer(await this.api.letters.retry(id, by), response);
  }

  @Post(':id/discard')
  @Requires('operate')
  @HttpCode(200)
  @ApiOperation({ summary: 'Closes the letter without handing it over; the reason is kept.' })
  @ApiResponse({ status: 200, standardSchema: DeadLetterCard })
  @ApiResponse({ status: 202, standardSchema: DeadLetterCard, description: 'The wish is durable, but its outcome was not on record within ten seconds.' })
  @ApiResponse({ status: 404, standardSchema: ErrorAnswer })
  @ApiResponse({ status: 409, standardSchema: ErrorAnswer, description: 'The letter is settled.' })
  async discard(@Param('id', { schema: LetterId }) id: string, @Body({ schema: Discard }) { reason }: Discard, @CallerName() by: string, @Res({ passthrough: true }) response: Response): Promise<DeadLetterCard> {
    return answer(await this.api.letters.discard(id, by, reason), response);
  }
}

function answer({ card, isOnRecord }: { readonly card: DeadLetterCard; readonly isOnRecord: boolean }, response: Response): DeadLetterCard {
  if (!isOnRecord) response.status(202);
  return card;
}
