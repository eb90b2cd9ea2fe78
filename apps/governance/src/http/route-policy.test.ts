import { Controller, Get, Post } from '@nestjs/common';
import { expect, test } from 'vitest';
import { Requires, requirePolicies } from './route-policy.js';

@Controller('v1/declared')
class Declared {
  @Get()
  @Requires('read')
  list(): string {
    return 'listed';
  }

  /** Answers no route. */
  other(): string {
    return 'other';
  }
}

@Controller('v1/planted')
class Planted extends Declared {
  @Post('all')
  destroyEverything(): string {
    return 'done';
  }
}

test('I1 a route that declares no policy is named, and nothing starts', () => {
  expect(() => requirePolicies([Declared])).not.toThrow();
  expect(() => requirePolicies([Declared, Planted])).toThrow('Planted.destroyEverything');
});
