import { i18n } from '@lingui/core';
import { beforeEach } from 'vitest';
import { messages } from '@/words/en.po';

beforeEach(() => {
  i18n.load('en', messages);
  i18n.activate('en');
});
