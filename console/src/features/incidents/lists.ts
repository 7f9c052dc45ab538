import { Uploader } from '@/components/uploader';

/** The list of people that is on its way from this window. */
export const lists = new Uploader();
