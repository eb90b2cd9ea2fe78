import { Body, Controller, Get, HttpCode, Inject, Post } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { CallerName } from './caller.js';
import { MailingDesk } from './mailing-desk.js';
import { MailingCard, MailingTest, SetMailing } from './mailing-schemas.js';
import { Requires } from './route-policy.js';
import { ErrorAnswer } from './schemas.js';

/** The address is the operator's own, so even reading it is his alone. */
@ApiTags('mailing')
@Controller('v1/mailing')
export class MailingController {
  constructor(@Inject(MailingDesk) private readonly desk: MailingDesk) {}

  @Get()
  @Requires('owner')
  @ApiOperation({ summary: 'What is mailed to the operator, where to, and how it goes.' })
  @ApiResponse({ status: 200, standardSchema: MailingCard })
  show(): Promise<MailingCard> {
    return this.desk.show();
  }

  @Post()
  @Requires('owner')
  @HttpCode(200)
  @ApiOperation({ summary: 'Has reminders and escalations of gates, and a daily digest, mailed to one address from now on. Mails tell of decisions that wait; none can be made by mail.' })
  @ApiResponse({ status: 200, standardSchema: MailingCard })
  set(@Body({ schema: SetMailing }) wish: SetMailing, @CallerName() by: string): Promise<MailingCard> {
    return this.desk.set(wish, by);
  }

  @Post('off')
  @Requires('owner')
  @HttpCode(200)
  @ApiOperation({ summary: 'Nothing is mailed any more; what was in line is not either.' })
  @ApiResponse({ status: 200, standardSchema: MailingCard })
  @ApiResponse({ status: 404, standardSchema: ErrorAnswer })
  off(@CallerName() by: string): Promise<MailingCard> {
    return this.desk.end(by);
  }

  @Post('test')
  @Requires('owner')
  @HttpCode(200)
  @ApiOperation({ summary: 'Mails one message that says it is a test, once, and says whether the mail server took it.' })
  @ApiResponse({ status: 200, standardSchema: MailingTest })
  @ApiResponse({ status: 404, standardSchema: ErrorAnswer })
  test(@CallerName() by: string): Promise<MailingTest> {
    return this.desk.test(by);
  }
}
