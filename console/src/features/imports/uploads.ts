import { Uploader } from '@/components/uploader';

/** The roster that is on its way from this window: one at a time, and it goes on while other pages are looked at. */
export const uploads = new Uploader();
