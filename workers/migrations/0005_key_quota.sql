-- What a key may use of a day by itself, within what its account may. Null: that alone.
ALTER TABLE api_keys ADD COLUMN units_per_day INTEGER;
