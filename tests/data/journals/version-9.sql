BEGIN TRANSACTION;
CREATE TABLE change (
	id INTEGER NOT NULL, 
	realm VARCHAR NOT NULL, 
	kind VARCHAR NOT NULL, 
	state VARCHAR NOT NULL, 
	at VARCHAR NOT NULL, 
	ended_at VARCHAR, 
	"by" VARCHAR NOT NULL, 
	feide_name VARCHAR NOT NULL, 
	dn VARCHAR NOT NULL, 
	source_id VARCHAR, 
	other VARCHAR, 
	number_mark VARCHAR, 
	old_number_mark VARCHAR, 
	input VARCHAR, 
	input_row INTEGER, 
	evidence_source VARCHAR, 
	evidence_seen_by VARCHAR, 
	evidence_seen_on DATE, 
	evidence_note VARCHAR, 
	evidence_standing BOOLEAN, 
	evidence_seal VARCHAR, 
	lifted VARCHAR, 
	protected BOOLEAN NOT NULL, evidence_basis VARCHAR, changed VARCHAR, left_mark VARCHAR, 
	PRIMARY KEY (id)
);
INSERT INTO "change" VALUES(1,'skotthyll.kommune.no','create','done','2026-11-23T09:10:09+00:00','2026-11-23T09:10:09+00:00','Kari','olenkova@skotthyll.kommune.no','uid=olenkova,ou=people,dc=skotthyll,dc=no','ref-1',NULL,NULL,NULL,'liste.csv',2,NULL,NULL,NULL,NULL,NULL,NULL,NULL,0,NULL,NULL,NULL);
INSERT INTO "change" VALUES(2,'skotthyll.kommune.no','attach','done','2026-11-23T09:10:09+00:00','2026-11-23T09:10:09+00:00','Kari','olenkova@skotthyll.kommune.no','uid=olenkova,ou=people,dc=skotthyll,dc=no',NULL,NULL,'a033d19a11dbd1fe121d76400bd272ae0dfed0e497c1a4b880b242a0cacd2845',NULL,NULL,3,'letter','Kari Nordmann','2026-11-01','kept in the archive',0,'a53762e5675ecf54351bfc9f434c7fd35f0b87831897778372749900885d56ac','N-DATE',0,NULL,NULL,NULL);
INSERT INTO "change" VALUES(3,'skotthyll.kommune.no','create','not done','2026-11-23T09:10:09+00:00','2026-11-23T09:10:09+00:00','Kari','never@skotthyll.kommune.no','uid=never,ou=people,dc=skotthyll,dc=no','ref-2',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,0,NULL,NULL,NULL);
INSERT INTO "change" VALUES(4,'skotthyll.kommune.no','create','taken back','2026-11-23T09:10:09+00:00','2026-11-23T09:10:09+00:00','Kari','twin@skotthyll.kommune.no','uid=twin,ou=people,dc=skotthyll,dc=no','ref-3',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,0,NULL,NULL,NULL);
INSERT INTO "change" VALUES(5,'skotthyll.kommune.no','second-account','done','2026-11-23T09:10:09+00:00','2026-11-23T09:10:10+00:00','Kari','olenkova@skotthyll.kommune.no','uid=olenkova,ou=people,dc=skotthyll,dc=no',NULL,'anna@skotthyll.kommune.no',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,0,NULL,NULL,NULL);
INSERT INTO "change" VALUES(6,'skotthyll.kommune.no','rename','done','2026-11-23T09:10:10+00:00','2026-11-23T09:10:10+00:00','Kari','olenkova@skotthyll.kommune.no','uid=olenkova,ou=people,dc=skotthyll,dc=no',NULL,'kova@skotthyll.kommune.no',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,0,NULL,NULL,NULL);
INSERT INTO "change" VALUES(7,'skotthyll.kommune.no','create','written','2026-11-23T09:10:10+00:00',NULL,'Kari','anna@skotthyll.kommune.no','uid=anna,ou=people,dc=skotthyll,dc=no','ref-4',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,1,NULL,NULL,NULL);
INSERT INTO "change" VALUES(8,'berg.kommune.no','create','done','2026-11-23T09:10:10+00:00','2026-11-23T09:10:10+00:00','Kari','per@berg.kommune.no','uid=per,ou=people,dc=skotthyll,dc=no','b-1',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,0,NULL,NULL,NULL);
CREATE TABLE delivery (
	message VARCHAR NOT NULL, 
	channel VARCHAR NOT NULL, 
	realm VARCHAR NOT NULL, 
	state VARCHAR NOT NULL, 
	attempts INTEGER NOT NULL, 
	at VARCHAR NOT NULL, 
	next_at VARCHAR, 
	said VARCHAR NOT NULL, 
	PRIMARY KEY (message, channel)
);
CREATE TABLE feide_organization (
	realm VARCHAR NOT NULL, 
	id VARCHAR NOT NULL, 
	content TEXT NOT NULL, 
	PRIMARY KEY (realm, id)
);
CREATE TABLE full_file (realm VARCHAR NOT NULL, source VARCHAR NOT NULL, day DATE NOT NULL, people INTEGER NOT NULL, keys TEXT NOT NULL, PRIMARY KEY (realm, source));
CREATE TABLE held_row (
	realm VARCHAR NOT NULL, 
	listed VARCHAR NOT NULL, 
	input_row INTEGER NOT NULL, 
	code VARCHAR NOT NULL, 
	at VARCHAR NOT NULL, 
	PRIMARY KEY (realm, listed, input_row, code)
);
CREATE TABLE issued_name (
	realm VARCHAR NOT NULL, 
	mark VARCHAR NOT NULL, 
	PRIMARY KEY (realm, mark)
);
INSERT INTO "issued_name" VALUES('skotthyll.kommune.no','1f9d1717b698e7690b47c7313a63a685aa578d2d4b53134af3d30406da6b4807');
INSERT INTO "issued_name" VALUES('skotthyll.kommune.no','4c44b3b6076395e4c662f7db7c8d7b468485f66607f3fda932e246eb625d7ef7');
INSERT INTO "issued_name" VALUES('skotthyll.kommune.no','6f7980436153d52e5ec1f4e8faee0a4558539256f848edc613cd923f511768bc');
INSERT INTO "issued_name" VALUES('berg.kommune.no','7e457dab0aea3e80f8e7552d99342e73a5a2d06370c2092f36e4d3bb02e8e233');
CREATE TABLE missing_user (realm VARCHAR NOT NULL, source VARCHAR NOT NULL, feide_name VARCHAR NOT NULL, since DATE NOT NULL, PRIMARY KEY (realm, source, feide_name));
CREATE TABLE notice (
	id VARCHAR NOT NULL, 
	realm VARCHAR NOT NULL, 
	provider VARCHAR NOT NULL, 
	day DATE NOT NULL, 
	at VARCHAR NOT NULL, 
	PRIMARY KEY (id)
);
CREATE TABLE observation (
	realm VARCHAR NOT NULL, 
	at VARCHAR NOT NULL, 
	PRIMARY KEY (realm)
);
CREATE TABLE organization (
	realm VARCHAR NOT NULL, 
	key_fingerprint VARCHAR NOT NULL, 
	schema_version INTEGER NOT NULL, 
	PRIMARY KEY (realm)
);
INSERT INTO "organization" VALUES('skotthyll.kommune.no','93406f5bdea745fa',9);
INSERT INTO "organization" VALUES('berg.kommune.no','34e52494282b8862',9);
CREATE TABLE owed (
	realm VARCHAR NOT NULL, 
	change_id INTEGER NOT NULL, 
	service VARCHAR NOT NULL, 
	at VARCHAR NOT NULL, 
	notice VARCHAR, 
	PRIMARY KEY (change_id, service), 
	FOREIGN KEY(change_id) REFERENCES change (id)
);
CREATE TABLE person_mark (realm VARCHAR NOT NULL, feide_name VARCHAR NOT NULL, change_id INTEGER NOT NULL, names TEXT NOT NULL, source_ids TEXT NOT NULL, row VARCHAR NOT NULL, PRIMARY KEY (realm, feide_name, change_id));
CREATE TABLE protected_key (realm VARCHAR NOT NULL, mark VARCHAR NOT NULL, at VARCHAR NOT NULL, by VARCHAR NOT NULL, PRIMARY KEY (realm, mark));
CREATE TABLE seen (
	realm VARCHAR NOT NULL, 
	feide_name VARCHAR NOT NULL, 
	number_mark VARCHAR, 
	code VARCHAR, entry_state VARCHAR, 
	PRIMARY KEY (realm, feide_name)
);
CREATE TABLE seen_serial (realm VARCHAR NOT NULL, mark VARCHAR NOT NULL, day DATE NOT NULL, PRIMARY KEY (realm, mark));
CREATE TABLE service (
	realm VARCHAR NOT NULL, 
	id VARCHAR NOT NULL, 
	concerns_us BOOLEAN NOT NULL, 
	content TEXT NOT NULL, 
	PRIMARY KEY (realm, id)
);
CREATE TABLE tick (
	realm VARCHAR NOT NULL, 
	change_id INTEGER NOT NULL, 
	place VARCHAR NOT NULL, 
	at VARCHAR NOT NULL, 
	"by" VARCHAR NOT NULL, 
	PRIMARY KEY (change_id, place), 
	FOREIGN KEY(change_id) REFERENCES change (id)
);
CREATE INDEX ix_change_open ON change (realm, id) WHERE ended_at IS NULL;
CREATE INDEX ix_change_realm ON change (realm);
CREATE INDEX ix_change_feide_name ON change (feide_name);
CREATE INDEX ix_notice_realm ON notice (realm);
CREATE INDEX ix_delivery_realm ON delivery (realm);
CREATE INDEX ix_owed_realm ON owed (realm);
CREATE INDEX ix_owed_notice ON owed (notice);
CREATE INDEX ix_tick_realm ON tick (realm);
CREATE INDEX ix_person_mark_change_id ON person_mark (change_id);
COMMIT;
