"""From a voice note to a transcript: decoding, transcription, correction by the names of the asker's records."""
