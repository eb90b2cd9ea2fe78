import { Controller, Get, Inject, Query } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { budgetNow } from './budget-desk.js';
import { Costs, CostsQuery } from './cost-schemas.js';
import { Requires } from './route-policy.js';
import { SURROUNDINGS, type Surroundings } from './surroundings.js';

@ApiTags('budget')
@Controller('v1/costs')
export class CostController {
  constructor(@Inject(SURROUNDINGS) private readonly api: Surroundings) {}

  @Get()
  @Requires('read')
  @ApiOperation({ summary: 'What model calls cost, added up by agent, version, feature, workflow, client, model, price table or day; dearest first.' })
  @ApiResponse({ status: 200, standardSchema: Costs })
  async costs(@Query({ schema: CostsQuery }) { by, since }: CostsQuery): Promise<Costs> {
    await this.api.view.refresh();
    const rows = [...(await this.api.view.costs({ by, ...(since === undefined ? {} : { since }) }))];
    const { currency } = await budgetNow(this.api.log, new Date().toISOString());
    return { by, since: since ?? null, currency, totalMicros: rows.reduce((sum, row) => sum + row.costMicros, 0), rows };
  }
}
