import { Body, Controller, Get, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { TokenEntry } from '../ports/api-tokens.port.js';
import { ApiError } from './api-error.js';
import { Requires } from './route-policy.js';
import { ErrorAnswer } from './schemas.js';
import { SURROUNDINGS, type Surroundings } from './surroundings.js';
import { CreatedToken, NewToken, Token, TokenList, TokenName } from './token-schemas.js';

@ApiTags('tokens')
@Controller('v1/tokens')
export class TokensController {
  constructor(@Inject(SURROUNDINGS) private readonly api: Surroundings) {}

  @Get()
  @Requires('owner')
  @ApiOperation({ summary: 'Every token that the operator made, revoked and expired ones too. None is shown in clear.' })
  @ApiResponse({ status: 200, standardSchema: TokenList })
  async list(): Promise<{ tokens: readonly Token[] }> {
    const now = this.api.now();
    return { tokens: (await this.api.tokens.list()).map((entry) => shown(entry, now)) };
  }

  @Post()
  @HttpCode(200)
  @Requires('owner')
  @ApiOperation({ summary: 'Makes a token and shows it, this once.' })
  @ApiResponse({ status: 200, standardSchema: CreatedToken })
  @ApiResponse({ status: 409, standardSchema: ErrorAnswer, description: 'The name is or was in use, or there are too many.' })
  async create(@Body({ schema: NewToken }) { name, scopes, expiresInSeconds }: NewToken): Promise<CreatedToken> {
    const now = this.api.now();
    const expiresAt = expiresInSeconds === null ? null : new Date(Date.parse(now) + expiresInSeconds * 1_000).toISOString();
    const made = await this.api.tokens.create({ name, scopes, expiresAt }, now);
    if (made.outcome === 'taken') throw new ApiError(409, 'token.name-taken', `A token ${name} exists or existed.`, 'Choose another name.');
    if (made.outcome !== 'created') throw new ApiError(409, 'token.too-many', 'The register of tokens is full.', 'Use the tokens that exist: GET /v1/tokens.');
    return { ...shown(made.entry, now), token: made.token };
  }

  @Post(':name/revoke')
  @HttpCode(200)
  @Requires('owner')
  @ApiOperation({ summary: 'Makes a token worth nothing from now on. Its name stays taken.' })
  @ApiResponse({ status: 200, standardSchema: Token })
  @ApiResponse({ status: 404, standardSchema: ErrorAnswer })
  async revoke(@Param('name', { schema: TokenName }) name: string): Promise<Token> {
    const now = this.api.now();
    const entry = await this.api.tokens.revoke(name, now);
    if (entry === null) throw new ApiError(404, 'token.unknown', `There is no token ${name}.`, 'List them: GET /v1/tokens.');
    return shown(entry, now);
  }
}

function shown(entry: TokenEntry, now: string): Token {
  const isExpired = entry.expiresAt !== null && Date.parse(entry.expiresAt) <= Date.parse(now);
  return { ...entry, scopes: [...entry.scopes], state: entry.revokedAt !== null ? 'revoked' : isExpired ? 'expired' : 'valid' };
}
