// @vitest-environment jsdom
import { useState } from 'react';
import { beforeEach, expect, test, vi } from 'vitest';
import { Unreached } from '@/api';
import * as signed from '@/api/signed';
import { Uploader } from '@/components/uploader';
import { aMoment, button, eventually, show } from '@/testing/page';
import { PageFailed } from './Failures';
import { part, PartUnreached } from './parts';

const PLACE = { id: '1', url: 'https://bucket.example/x', expiresAt: '2099-01-01T00:00:00Z' };
const CONSOLE = '<html><body><div id="console"></div></body></html>';

let reload: () => void;

/** Its navigation alone is another: jsdom has none. */
beforeEach(() => {
  reload = vi.fn();
  const own = window;
  vi.stubGlobal(
    'window',
    new Proxy(own, {
      get(_, name) {
        if (name === 'location') return { reload, pathname: '/' };
        const value: unknown = Reflect.get(own, name);
        return typeof value === 'function' && !/^[A-Z]/.test(String(name))
          ? (value.bind(own) as unknown)
          : value;
      },
    }),
  );
});

function comesBack(answer: () => Promise<Response>): void {
  vi.stubGlobal('fetch', answer);
  dispatchEvent(new Event('online'));
}

async function failed(): Promise<void> {
  show(<PageFailed error={new PartUnreached()} resetErrorBoundary={() => undefined} />, '/', '/');
  await aMoment();
}

test('a page whose part did not come is loaded anew once the console is served again, and not before', async () => {
  await failed();
  comesBack(() => Promise.reject(new TypeError('no route')));
  comesBack(() => Promise.resolve(new Response('<html>Please sign in to the hotel</html>')));
  await aMoment();
  expect(reload).not.toHaveBeenCalled();
  comesBack(() => Promise.resolve(new Response(CONSOLE)));
  await eventually(() => {
    expect(reload).toHaveBeenCalledTimes(1);
  });
});

/** A page whose part did not come, and another one that its person may go on to. */
function Two() {
  const [page, open] = useState<'failed' | 'other'>('failed');
  return page === 'other' ? (
    <input />
  ) : (
    <>
      <PageFailed error={new PartUnreached()} resetErrorBoundary={() => undefined} />
      <button
        type="button"
        onClick={() => {
          open('other');
        }}
      >
        Other page
      </button>
    </>
  );
}

test('a first try that comes too early for the network is not the last one', async () => {
  let tries = 0;
  await failed();
  comesBack(() => {
    tries += 1;
    if (tries === 1) return Promise.reject(new TypeError('no route yet'));
    return Promise.resolve(new Response(CONSOLE));
  });
  await eventually(() => {
    expect(reload).toHaveBeenCalledTimes(1);
  });
});

test('a page that was left for another one, where somebody types by now, is not loaded anew', async () => {
  const answers: ((response: Response) => void)[] = [];
  show(<Two />, '/', '/');
  const other = await button(/^Other page/);
  await aMoment();
  comesBack(() => new Promise((resolve) => answers.push(resolve)));
  await eventually(() => {
    expect(answers).toHaveLength(1);
  });
  other.click();
  await eventually(() => {
    expect(document.querySelector('input')).not.toBeNull();
  });
  answers[0]?.(new Response(CONSOLE));
  await aMoment();
  expect(reload).not.toHaveBeenCalled();
});

test.each(['sending', 'broken'] as const)('it is not while an upload is %s', async (at) => {
  vi.spyOn(signed, 'put').mockImplementation(() =>
    at === 'sending' ? new Promise(() => undefined) : Promise.reject(new Unreached()),
  );
  const uploader = new Uploader();
  void uploader.send(new File(['PK'], 'roster.zip'), () => Promise.resolve(PLACE));
  await eventually(() => {
    expect(uploader.now().at).toBe(at);
  });
  await failed();
  comesBack(() => Promise.resolve(new Response(CONSOLE)));
  await aMoment();
  expect(reload).not.toHaveBeenCalled();
  await expect(part(() => Promise.reject(new TypeError('gone')))).rejects.toBeInstanceOf(PartUnreached);
});
