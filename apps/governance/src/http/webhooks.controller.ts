import { Body, Controller, Get, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { CallerName } from './caller.js';
import { Requires } from './route-policy.js';
import { ErrorAnswer } from './schemas.js';
import { WebhookDesk } from './webhook-desk.js';
import { NewWebhook, WebhookCard, WebhookId, WebhookList, WebhookTest } from './webhook-schemas.js';

@ApiTags('webhooks')
@Controller('v1/webhooks')
export class WebhooksController {
  constructor(@Inject(WebhookDesk) private readonly desk: WebhookDesk) {}

  @Get()
  @Requires('read')
  @ApiOperation({ summary: 'Where notices of gates are posted (Standard Webhooks), and how it goes.' })
  @ApiResponse({ status: 200, standardSchema: WebhookList })
  async list(): Promise<{ webhooks: readonly WebhookCard[] }> {
    return { webhooks: await this.desk.list() };
  }

  @Post()
  @Requires('owner')
  @HttpCode(200)
  @ApiOperation({ summary: 'Has notices of gates posted to an address from now on. The secret they are signed with is made by ./soloist webhook add and lies in the vault; nothing is posted without one.' })
  @ApiResponse({ status: 200, standardSchema: WebhookCard })
  @ApiResponse({ status: 409, standardSchema: ErrorAnswer })
  add(@Body({ schema: NewWebhook }) wish: NewWebhook, @CallerName() by: string): Promise<WebhookCard> {
    return this.desk.add(wish, by);
  }

  @Post(':id/remove')
  @Requires('owner')
  @HttpCode(200)
  @ApiOperation({ summary: 'Nothing is posted there any more; what was in line is not either.' })
  @ApiResponse({ status: 200, standardSchema: WebhookCard })
  @ApiResponse({ status: 404, standardSchema: ErrorAnswer })
  remove(@Param('id', { schema: WebhookId }) endpointId: string, @CallerName() by: string): Promise<WebhookCard> {
    return this.desk.remove(endpointId, by);
  }

  @Post(':id/test')
  @Requires('operate')
  @HttpCode(200)
  @ApiOperation({ summary: 'Posts one message of the type webhook.tested, once, and says whether it was taken.' })
  @ApiResponse({ status: 200, standardSchema: WebhookTest })
  @ApiResponse({ status: 404, standardSchema: ErrorAnswer })
  test(@Param('id', { schema: WebhookId }) endpointId: string, @CallerName() by: string): Promise<WebhookTest> {
    return this.desk.test(endpointId, by);
  }
}
