/** Characters that the API takes of a note, of whom consent is from, and of how it was given. */
export const NOTE_LIMIT = 1000;
