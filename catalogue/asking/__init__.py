"""»Spørg om det, der var svært«: questions to whoever speaks for an entry's workplace, without showing an address."""
