-- Version 1. Tables, keys and indexes are those that Akka.Persistence.Sql 1.5.73 makes for "PostgreSQL.15" with its default names; a test compares them.
CREATE TABLE journal (
  ordering bigint GENERATED ALWAYS AS IDENTITY,
  created bigint NOT NULL,
  deleted boolean NOT NULL,
  persistence_id text NOT NULL,
  sequence_number bigint NOT NULL,
  message bytea NOT NULL,
  manifest text,
  identifier integer,
  writer_uuid text,
  CONSTRAINT "PK_journal" PRIMARY KEY (ordering),
  -- The fence: of two processes that both believe an entity to be theirs, one alone can store its next event.
  CONSTRAINT journal_uq UNIQUE (persistence_id, sequence_number)
);
CREATE INDEX journal_created_idx ON journal (created);
CREATE INDEX journal_sequence_number_idx ON journal (sequence_number);

CREATE TABLE tags (
  ordering_id bigint NOT NULL,
  tag text NOT NULL,
  sequence_nr bigint NOT NULL,
  persistence_id text NOT NULL,
  CONSTRAINT "PK_tags" PRIMARY KEY (ordering_id, tag)
);
CREATE INDEX tags_persistence_id_sequence_nr_idx ON tags (persistence_id, sequence_nr);
CREATE INDEX tags_tag_idx ON tags (tag);

CREATE TABLE snapshot (
  persistence_id text NOT NULL,
  sequence_number bigint NOT NULL,
  created bigint NOT NULL,
  snapshot bytea,
  manifest text,
  serializer_id integer,
  CONSTRAINT "PK_snapshot" PRIMARY KEY (persistence_id, sequence_number)
);
CREATE INDEX snapshot_created_idx ON snapshot (created);
CREATE INDEX snapshot_sequence_number_idx ON snapshot (sequence_number);

-- The last deleted event of an entity stays, so that its number is not used again. Its content, which nobody reads, does not.
CREATE FUNCTION actorcluster_forget() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.message := '';
  RETURN NEW;
END
$$;
CREATE TRIGGER actorcluster_forget BEFORE UPDATE OF deleted ON journal FOR EACH ROW WHEN (NEW.deleted) EXECUTE FUNCTION actorcluster_forget();

CREATE TABLE actorcluster_schema (
  version integer NOT NULL,
  made timestamptz NOT NULL DEFAULT now()
);
