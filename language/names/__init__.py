"""How people call records: forms of names, spotting them in text, weighing candidates, deciding. The face is
`language.lexicon`."""
