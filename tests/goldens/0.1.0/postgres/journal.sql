--
-- PostgreSQL database dump
--

\restrict sEyTgz3fXFabHCa4HpfoNVlu1VEialkWJQVtg8Df5jC5kwzn8C5rkEuluFf8585

-- Dumped from database version 15.18 (Debian 15.18-0+deb12u1)
-- Dumped by pg_dump version 15.18 (Debian 15.18-0+deb12u1)

SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;

SET default_tablespace = '';

SET default_table_access_method = heap;

--
-- Name: change; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.change (
    id integer NOT NULL,
    realm character varying NOT NULL,
    kind character varying NOT NULL,
    state character varying NOT NULL,
    at character varying NOT NULL,
    ended_at character varying,
    by character varying NOT NULL,
    feide_name character varying NOT NULL,
    dn character varying NOT NULL,
    source_id character varying,
    other character varying,
    number_mark character varying,
    old_number_mark character varying,
    input character varying,
    input_row integer,
    evidence_source character varying,
    evidence_seen_by character varying,
    evidence_seen_on date,
    evidence_note character varying,
    evidence_standing boolean,
    evidence_seal character varying,
    lifted character varying,
    protected boolean NOT NULL
);


--
-- Name: change_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

CREATE SEQUENCE public.change_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;


--
-- Name: change_id_seq; Type: SEQUENCE OWNED BY; Schema: public; Owner: -
--

ALTER SEQUENCE public.change_id_seq OWNED BY public.change.id;


--
-- Name: delivery; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.delivery (
    message character varying NOT NULL,
    channel character varying NOT NULL,
    realm character varying NOT NULL,
    state character varying NOT NULL,
    attempts integer NOT NULL,
    at character varying NOT NULL,
    next_at character varying,
    said character varying NOT NULL
);


--
-- Name: feide_organization; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.feide_organization (
    realm character varying NOT NULL,
    id character varying NOT NULL,
    content text NOT NULL
);


--
-- Name: held_row; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.held_row (
    realm character varying NOT NULL,
    listed character varying NOT NULL,
    input_row integer NOT NULL,
    code character varying NOT NULL,
    at character varying NOT NULL
);


--
-- Name: issued_name; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.issued_name (
    realm character varying NOT NULL,
    mark character varying NOT NULL
);


--
-- Name: notice; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.notice (
    id character varying NOT NULL,
    realm character varying NOT NULL,
    provider character varying NOT NULL,
    day date NOT NULL,
    at character varying NOT NULL
);


--
-- Name: observation; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.observation (
    realm character varying NOT NULL,
    at character varying NOT NULL
);


--
-- Name: organization; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.organization (
    realm character varying NOT NULL,
    key_fingerprint character varying NOT NULL,
    schema_version integer NOT NULL
);


--
-- Name: owed; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.owed (
    realm character varying NOT NULL,
    change_id integer NOT NULL,
    service character varying NOT NULL,
    at character varying NOT NULL,
    notice character varying
);


--
-- Name: seen; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.seen (
    realm character varying NOT NULL,
    feide_name character varying NOT NULL,
    number_mark character varying,
    code character varying
);


--
-- Name: service; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.service (
    realm character varying NOT NULL,
    id character varying NOT NULL,
    concerns_us boolean NOT NULL,
    content text NOT NULL
);


--
-- Name: tick; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.tick (
    realm character varying NOT NULL,
    change_id integer NOT NULL,
    place character varying NOT NULL,
    at character varying NOT NULL,
    by character varying NOT NULL
);


--
-- Name: change id; Type: DEFAULT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.change ALTER COLUMN id SET DEFAULT nextval('public.change_id_seq'::regclass);


--
-- Data for Name: change; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.change VALUES (2, 'skotthyll.kommune.no', 'create', 'done', '2026-11-20T09:30:00+00:00', '2026-11-20T09:30:00+00:00', 'kari', 'olenkova@skotthyll.kommune.no', 'uid=olenkova,ou=people,dc=skotthyll,dc=no', 'ref-01', NULL, NULL, NULL, 'people.csv', 2, NULL, NULL, NULL, NULL, NULL, NULL, NULL, false);
INSERT INTO public.change VALUES (3, 'skotthyll.kommune.no', 'create', 'done', '2026-11-20T09:30:00+00:00', '2026-11-20T09:30:00+00:00', 'kari', 'dmitkova@skotthyll.kommune.no', 'uid=dmitkova,ou=people,dc=skotthyll,dc=no', 'ref-02', NULL, NULL, NULL, 'people.csv', 3, NULL, NULL, NULL, NULL, NULL, NULL, NULL, false);
INSERT INTO public.change VALUES (1, 'skotthyll.kommune.no', 'furnish', 'done', '2026-11-20T09:30:00+00:00', '2026-11-20T09:30:00+00:00', 'kari', '', 'ou=Solbakken læringssenter,o=Skotthyll kommune,dc=skotthyll,dc=no', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, false);
INSERT INTO public.change VALUES (4, 'skotthyll.kommune.no', 'create', 'done', '2026-11-20T09:30:00+00:00', '2026-11-20T09:30:00+00:00', 'kari', 'sofikova@skotthyll.kommune.no', 'uid=sofikova,ou=people,dc=skotthyll,dc=no', 'ref-03', NULL, NULL, NULL, 'people.csv', 4, NULL, NULL, NULL, NULL, NULL, NULL, NULL, false);
INSERT INTO public.change VALUES (5, 'skotthyll.kommune.no', 'create', 'done', '2026-11-20T09:30:00+00:00', '2026-11-20T09:30:00+00:00', 'kari', 'mohaalah@skotthyll.kommune.no', 'uid=mohaalah,ou=people,dc=skotthyll,dc=no', 'ref-04', NULL, NULL, NULL, 'people.csv', 5, NULL, NULL, NULL, NULL, NULL, NULL, NULL, false);
INSERT INTO public.change VALUES (6, 'skotthyll.kommune.no', 'create', 'done', '2026-11-20T09:30:00+00:00', '2026-11-20T09:30:00+00:00', 'kari', 'selatesf@skotthyll.kommune.no', 'uid=selatesf,ou=people,dc=skotthyll,dc=no', 'ref-05', NULL, NULL, NULL, 'people.csv', 6, NULL, NULL, NULL, NULL, NULL, NULL, NULL, false);
INSERT INTO public.change VALUES (7, 'skotthyll.kommune.no', 'create', 'done', '2026-11-20T09:30:00+00:00', '2026-11-20T09:30:00+00:00', 'kari', 'faterahi@skotthyll.kommune.no', 'uid=faterahi,ou=people,dc=skotthyll,dc=no', 'ref-06', NULL, '486994cd997eb048fbed77354368a55a7c19c3e91faf346dd560a986f412a21f', NULL, 'people.csv', 7, NULL, NULL, NULL, NULL, NULL, NULL, NULL, false);
INSERT INTO public.change VALUES (8, 'skotthyll.kommune.no', 'create', 'done', '2026-11-20T09:30:00+00:00', '2026-11-20T09:30:00+00:00', 'kari', 'asemostg@skotthyll.kommune.no', 'uid=asemostg,ou=people,dc=skotthyll,dc=no', 'ref-07', NULL, '379141e801ccde1da83359f7f1073051233f346b685a1a35d1d2a65f9e4820a0', NULL, 'people.csv', 8, NULL, NULL, NULL, NULL, NULL, NULL, NULL, false);
INSERT INTO public.change VALUES (9, 'skotthyll.kommune.no', 'create', 'done', '2026-11-20T09:30:00+00:00', '2026-11-20T09:30:00+00:00', 'kari', 'ahmanaza@skotthyll.kommune.no', 'uid=ahmanaza,ou=people,dc=skotthyll,dc=no', 'ref-08', NULL, NULL, NULL, 'people.csv', 9, NULL, NULL, NULL, NULL, NULL, NULL, NULL, false);
INSERT INTO public.change VALUES (10, 'skotthyll.kommune.no', 'create', 'done', '2026-11-20T09:30:00+00:00', '2026-11-20T09:30:00+00:00', 'kari', 'olenkova2@skotthyll.kommune.no', 'uid=olenkova2,ou=people,dc=skotthyll,dc=no', 'ref-09', NULL, NULL, NULL, 'people.csv', 10, NULL, NULL, NULL, NULL, NULL, NULL, NULL, false);
INSERT INTO public.change VALUES (11, 'skotthyll.kommune.no', 'create', 'done', '2026-11-20T09:30:00+00:00', '2026-11-20T09:30:00+00:00', 'kari', 'yohakida@skotthyll.kommune.no', 'uid=yohakida,ou=people,dc=skotthyll,dc=no', 'ref-10', NULL, NULL, NULL, 'people.csv', 11, NULL, NULL, NULL, NULL, NULL, NULL, NULL, false);
INSERT INTO public.change VALUES (12, 'skotthyll.kommune.no', 'create', 'done', '2026-11-20T09:30:00+00:00', '2026-11-20T09:30:00+00:00', 'kari', 'zarghuna@skotthyll.kommune.no', 'uid=zarghuna,ou=people,dc=skotthyll,dc=no', 'ref-11', NULL, NULL, NULL, 'people.csv', 12, NULL, NULL, NULL, NULL, NULL, NULL, NULL, false);
INSERT INTO public.change VALUES (21, 'skotthyll.kommune.no', 'replace', 'done', '2026-11-20T09:30:00+00:00', '2026-11-20T09:30:00+00:00', 'kari', 'dmitkova@skotthyll.kommune.no', 'uid=dmitkova,ou=people,dc=skotthyll,dc=no', 'ref-02', NULL, 'c000a0a53501f26010688f73a6235bc64354055b87d51943d92f90a2e2c1efab', 'fed4f05fbaa132f0d20c4042a0d02ef640c94344e3e58afe56ec8bd848a3dd43', 'replace.csv', 2, 'letter', 'Kari Nordmann', '2026-11-02', NULL, false, 'd621ba73682483682a80df0cfc8cf2195595349882633f90d7d3fba0eeaa8cb5', NULL, false);
INSERT INTO public.change VALUES (14, 'skotthyll.kommune.no', 'update', 'done', '2026-11-20T09:30:00+00:00', '2026-11-20T09:30:00+00:00', 'kari', 'dmitkova@skotthyll.kommune.no', 'uid=dmitkova,ou=people,dc=skotthyll,dc=no', 'ref-02', NULL, NULL, NULL, 'people-changed.csv', 3, NULL, NULL, NULL, NULL, NULL, NULL, NULL, false);
INSERT INTO public.change VALUES (15, 'skotthyll.kommune.no', 'update', 'done', '2026-11-20T09:30:00+00:00', '2026-11-20T09:30:00+00:00', 'kari', 'sofikova@skotthyll.kommune.no', 'uid=sofikova,ou=people,dc=skotthyll,dc=no', 'ref-03', NULL, NULL, NULL, 'people-changed.csv', 4, NULL, NULL, NULL, NULL, NULL, NULL, NULL, false);
INSERT INTO public.change VALUES (16, 'skotthyll.kommune.no', 'create', 'done', '2026-11-20T09:30:00+00:00', '2026-11-20T09:30:00+00:00', 'kari', 'semhkida@skotthyll.kommune.no', 'uid=semhkida,ou=people,dc=skotthyll,dc=no', 'ref-13', NULL, NULL, NULL, 'people-changed.csv', 13, NULL, NULL, NULL, NULL, NULL, NULL, NULL, false);
INSERT INTO public.change VALUES (23, 'skotthyll.kommune.no', 'close', 'done', '2026-11-20T09:30:00+00:00', '2026-11-20T09:30:00+00:00', 'kari', 'dmitkova@skotthyll.kommune.no', 'uid=dmitkova,ou=people,dc=skotthyll,dc=no', 'ref-02', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, false);
INSERT INTO public.change VALUES (13, 'skotthyll.kommune.no', 'create', 'done', '2026-11-20T09:30:00+00:00', '2026-11-20T09:30:00+00:00', 'kari', 'unjjtfwm@skotthyll.kommune.no', 'uid=unjjtfwm,ou=people,dc=skotthyll,dc=no', 'ref-12', NULL, NULL, NULL, 'people.csv', 13, NULL, NULL, NULL, NULL, NULL, NULL, NULL, true);
INSERT INTO public.change VALUES (22, 'skotthyll.kommune.no', 'withdraw', 'done', '2026-11-20T09:30:00+00:00', '2026-11-20T09:30:00+00:00', 'kari', 'sofikova@skotthyll.kommune.no', 'uid=sofikova,ou=people,dc=skotthyll,dc=no', 'ref-03', NULL, NULL, '2f5f512a64d4b6afd76aed49e3b63f5333878145099314fbfedd7afdbd3bad86', 'withdraw.csv', 2, NULL, NULL, NULL, NULL, NULL, NULL, NULL, false);
INSERT INTO public.change VALUES (17, 'skotthyll.kommune.no', 'attach', 'done', '2026-11-20T09:30:00+00:00', '2026-11-20T09:30:00+00:00', 'kari', 'olenkova@skotthyll.kommune.no', 'uid=olenkova,ou=people,dc=skotthyll,dc=no', 'ref-01', NULL, '9083ea8d126a104c8fee18bce83071e07ed822b9bf7b2c3f790200910bf39d47', NULL, 'numbers.csv', 2, NULL, NULL, NULL, NULL, NULL, NULL, NULL, false);
INSERT INTO public.change VALUES (18, 'skotthyll.kommune.no', 'attach', 'done', '2026-11-20T09:30:00+00:00', '2026-11-20T09:30:00+00:00', 'kari', 'dmitkova@skotthyll.kommune.no', 'uid=dmitkova,ou=people,dc=skotthyll,dc=no', 'ref-02', NULL, 'fed4f05fbaa132f0d20c4042a0d02ef640c94344e3e58afe56ec8bd848a3dd43', NULL, 'numbers.csv', 3, NULL, NULL, NULL, NULL, NULL, NULL, NULL, false);
INSERT INTO public.change VALUES (19, 'skotthyll.kommune.no', 'attach', 'done', '2026-11-20T09:30:00+00:00', '2026-11-20T09:30:00+00:00', 'kari', 'sofikova@skotthyll.kommune.no', 'uid=sofikova,ou=people,dc=skotthyll,dc=no', 'ref-03', NULL, '2f5f512a64d4b6afd76aed49e3b63f5333878145099314fbfedd7afdbd3bad86', NULL, 'numbers.csv', 4, 'letter', 'Kari Nordmann', '2026-10-05', NULL, false, '462a6dd29325133fdb77d870617362ce932eabfd894ec084661e5e030ce26335', NULL, false);
INSERT INTO public.change VALUES (20, 'skotthyll.kommune.no', 'attach', 'done', '2026-11-20T09:30:00+00:00', '2026-11-20T09:30:00+00:00', 'kari', 'mohaalah@skotthyll.kommune.no', 'uid=mohaalah,ou=people,dc=skotthyll,dc=no', 'ref-04', NULL, 'cf6a837e81df8d031afb85fcb450f1643305e95e89f76d7bec8ef8ae59161da7', NULL, 'numbers.csv', 5, NULL, NULL, NULL, NULL, NULL, NULL, NULL, false);
INSERT INTO public.change VALUES (26, 'skotthyll.kommune.no', 'rename', 'done', '2026-11-20T09:30:00+00:00', '2026-11-20T09:30:00+00:00', 'kari', 'dmitkova@skotthyll.kommune.no', 'uid=dmitkova,ou=people,dc=skotthyll,dc=no', 'ref-02', 'dima@skotthyll.kommune.no', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, false);
INSERT INTO public.change VALUES (24, 'skotthyll.kommune.no', 'reopen', 'done', '2026-11-20T09:30:00+00:00', '2026-11-20T09:30:00+00:00', 'kari', 'dmitkova@skotthyll.kommune.no', 'uid=dmitkova,ou=people,dc=skotthyll,dc=no', 'ref-02', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, false);
INSERT INTO public.change VALUES (25, 'skotthyll.kommune.no', 'password', 'done', '2026-11-20T09:30:00+00:00', '2026-11-20T09:30:00+00:00', 'kari', 'dmitkova@skotthyll.kommune.no', 'uid=dmitkova,ou=people,dc=skotthyll,dc=no', 'ref-02', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, false);
INSERT INTO public.change VALUES (27, 'skotthyll.kommune.no', 'link', 'done', '2026-11-20T09:30:00+00:00', '2026-11-20T09:30:00+00:00', 'kari', 'selatesf@skotthyll.kommune.no', 'uid=selatesf,ou=people,dc=skotthyll,dc=no', 'ref-05b', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, false);
INSERT INTO public.change VALUES (28, 'skotthyll.kommune.no', 'link', 'done', '2026-11-20T09:30:00+00:00', '2026-11-20T09:30:00+00:00', 'kari', 'selatesf@skotthyll.kommune.no', 'uid=selatesf,ou=people,dc=skotthyll,dc=no', 'ref-05b', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, false);
INSERT INTO public.change VALUES (29, 'skotthyll.kommune.no', 'different', 'done', '2026-11-20T09:30:00+00:00', '2026-11-20T09:30:00+00:00', 'kari', 'selatesf@skotthyll.kommune.no', 'uid=selatesf,ou=people,dc=skotthyll,dc=no', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, false);
INSERT INTO public.change VALUES (30, 'skotthyll.kommune.no', 'second-account', 'done', '2026-11-20T09:30:00+00:00', '2026-11-20T09:30:00+00:00', 'kari', 'selatesf@skotthyll.kommune.no', 'uid=selatesf,ou=people,dc=skotthyll,dc=no', NULL, 'olenkova@skotthyll.kommune.no', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, false);


--
-- Data for Name: delivery; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.delivery VALUES ('yyezkzswedrtiptyjhbwxlqmoe', 'mail', 'skotthyll.kommune.no', 'due', 0, '2026-11-20T09:30:00+00:00', '2026-11-20T09:30:00+00:00', '');


--
-- Data for Name: feide_organization; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: held_row; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.held_row VALUES ('skotthyll.kommune.no', 'plan /tmp/tmpjzl1nz63/people.csv', 13, 'R-PROTECTED', '2026-11-20T09:30:00+00:00');
INSERT INTO public.held_row VALUES ('skotthyll.kommune.no', 'attach numbers.csv', 6, 'R-EVIDENCE', '2026-11-20T09:30:00+00:00');
INSERT INTO public.held_row VALUES ('skotthyll.kommune.no', 'replace replace.csv', 3, 'R-NO-NUMBER', '2026-11-20T09:30:00+00:00');
INSERT INTO public.held_row VALUES ('skotthyll.kommune.no', 'withdraw withdraw.csv', 3, 'R-OLD-NUMBER', '2026-11-20T09:30:00+00:00');


--
-- Data for Name: issued_name; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.issued_name VALUES ('skotthyll.kommune.no', '1fa87529051d89f109badf79258d6087fe94c7609a4be9f6ce3fca977eebc878');
INSERT INTO public.issued_name VALUES ('skotthyll.kommune.no', '244ece324a77c3a9942f6f7c7081a68430dc3689b8a9b5e9966b1e7609078fb3');
INSERT INTO public.issued_name VALUES ('skotthyll.kommune.no', '2dc9bf88a2c660438adba6a96eb3fdeb78eb10e4856f5f58e657c0cf883ed0ab');
INSERT INTO public.issued_name VALUES ('skotthyll.kommune.no', '365c270d49d62626f501fb895677d1a72a84305c65fc53f698dd84f57a15d07b');
INSERT INTO public.issued_name VALUES ('skotthyll.kommune.no', 'a2603cc42329a58ed874576114d71d9bf64ece398e2849068e839fc0989f013b');
INSERT INTO public.issued_name VALUES ('skotthyll.kommune.no', 'd060940e5ab9790d48a65cd46f92eb164b008b9ebe8f2cf51d9956751b7ee3f8');
INSERT INTO public.issued_name VALUES ('skotthyll.kommune.no', 'd0de209c024563d676912eb3bfcd0f4ea579d3f4f9525d72dfc4c6981e7fc3c5');
INSERT INTO public.issued_name VALUES ('skotthyll.kommune.no', 'dd42069afdc1ce362fab42cadbd95b72fdeb9ec9ede7093c3c9f114973586f90');
INSERT INTO public.issued_name VALUES ('skotthyll.kommune.no', 'dea97a6d7ed98b5f09dd168a6b830db43432105276901468516df96143cb86ab');
INSERT INTO public.issued_name VALUES ('skotthyll.kommune.no', 'e03684de447645ee6a26f8a04c88ec26bd7360bbb7c08fe78b531201b612364b');
INSERT INTO public.issued_name VALUES ('skotthyll.kommune.no', 'fa9bd4d6be5e7a0084504a7f23d4b4a2475afffd3d7b0bb65f558789f6222a67');
INSERT INTO public.issued_name VALUES ('skotthyll.kommune.no', '49e7765391794bc8732329d08cf4d618438b773ab0586224ac1174ab87049e3a');
INSERT INTO public.issued_name VALUES ('skotthyll.kommune.no', '3394045f53b5dd147880d35828fa35fd0ea633ef7945bf859420a44a77ac1b67');
INSERT INTO public.issued_name VALUES ('skotthyll.kommune.no', '04753024783699cacd549aab58b3da633ebd4b648a465932780b26ff8339f994');


--
-- Data for Name: notice; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.notice VALUES ('yyezkzswedrtiptyjhbwxlqmoe', 'skotthyll.kommune.no', 'name:kartverk as', '2026-11-20', '2026-11-20T09:30:00+00:00');


--
-- Data for Name: observation; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.observation VALUES ('skotthyll.kommune.no', '2026-11-20T09:30:00+00:00');


--
-- Data for Name: organization; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.organization VALUES ('skotthyll.kommune.no', '5d067e5ad058e221', 5);


--
-- Data for Name: owed; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.owed VALUES ('skotthyll.kommune.no', 21, 'feide:4714', '2026-11-20T09:30:00+00:00', 'yyezkzswedrtiptyjhbwxlqmoe');
INSERT INTO public.owed VALUES ('skotthyll.kommune.no', 22, 'feide:4714', '2026-11-20T09:30:00+00:00', 'yyezkzswedrtiptyjhbwxlqmoe');


--
-- Data for Name: seen; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.seen VALUES ('skotthyll.kommune.no', 'olenkova@skotthyll.kommune.no', '9083ea8d126a104c8fee18bce83071e07ed822b9bf7b2c3f790200910bf39d47', NULL);
INSERT INTO public.seen VALUES ('skotthyll.kommune.no', 'sofikova@skotthyll.kommune.no', NULL, NULL);
INSERT INTO public.seen VALUES ('skotthyll.kommune.no', 'mohaalah@skotthyll.kommune.no', 'cf6a837e81df8d031afb85fcb450f1643305e95e89f76d7bec8ef8ae59161da7', NULL);
INSERT INTO public.seen VALUES ('skotthyll.kommune.no', 'selatesf@skotthyll.kommune.no', NULL, NULL);
INSERT INTO public.seen VALUES ('skotthyll.kommune.no', 'faterahi@skotthyll.kommune.no', '486994cd997eb048fbed77354368a55a7c19c3e91faf346dd560a986f412a21f', NULL);
INSERT INTO public.seen VALUES ('skotthyll.kommune.no', 'asemostg@skotthyll.kommune.no', '379141e801ccde1da83359f7f1073051233f346b685a1a35d1d2a65f9e4820a0', NULL);
INSERT INTO public.seen VALUES ('skotthyll.kommune.no', 'ahmanaza@skotthyll.kommune.no', NULL, NULL);
INSERT INTO public.seen VALUES ('skotthyll.kommune.no', 'olenkova2@skotthyll.kommune.no', NULL, NULL);
INSERT INTO public.seen VALUES ('skotthyll.kommune.no', 'yohakida@skotthyll.kommune.no', NULL, NULL);
INSERT INTO public.seen VALUES ('skotthyll.kommune.no', 'zarghuna@skotthyll.kommune.no', NULL, NULL);
INSERT INTO public.seen VALUES ('skotthyll.kommune.no', 'unjjtfwm@skotthyll.kommune.no', NULL, NULL);
INSERT INTO public.seen VALUES ('skotthyll.kommune.no', 'semhkida@skotthyll.kommune.no', NULL, NULL);
INSERT INTO public.seen VALUES ('skotthyll.kommune.no', 'dima@skotthyll.kommune.no', 'c000a0a53501f26010688f73a6235bc64354055b87d51943d92f90a2e2c1efab', NULL);


--
-- Data for Name: service; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.service VALUES ('skotthyll.kommune.no', 'feide:4711', true, '{"id":"feide:4711","names":{"":"Lexin"},"provider":{"id":"name:ordbok as","name":"Ordbok AS","realm":""},"ways":["stated"],"required":null,"activated":true,"contacts":[],"audience":{"schools":[],"roles":[]},"reason":"","said":{"names":{"source":"table services.csv","on":"2026-11-20"},"provider":{"source":"table services.csv","on":"2026-11-20"},"ways":{"source":"table services.csv","on":"2026-11-20"},"activated":{"source":"table services.csv","on":"2026-11-20"}},"other":{},"gone_on":null,"answer":{"state":"unknown","on":null,"source":"","by":""},"earlier":[],"unsettled_since":"2026-11-20T09:30:00+00:00","asked_on":null,"reminded_on":null,"basis_for_names":null}');
INSERT INTO public.service VALUES ('skotthyll.kommune.no', 'feide:4712', true, '{"id":"feide:4712","names":{"":"Salto"},"provider":{"id":"name:forlaget as","name":"Forlaget AS","realm":""},"ways":["stated"],"required":null,"activated":true,"contacts":[],"audience":{"schools":["solbakken"],"roles":[]},"reason":"","said":{"names":{"source":"table services.csv","on":"2026-11-20"},"provider":{"source":"table services.csv","on":"2026-11-20"},"ways":{"source":"table services.csv","on":"2026-11-20"},"activated":{"source":"table services.csv","on":"2026-11-20"},"audience":{"source":"table services.csv","on":"2026-11-20"}},"other":{},"gone_on":null,"answer":{"state":"unknown","on":null,"source":"","by":""},"earlier":[],"unsettled_since":"2026-11-20T09:30:00+00:00","asked_on":null,"reminded_on":null,"basis_for_names":null}');
INSERT INTO public.service VALUES ('skotthyll.kommune.no', 'feide:4713', true, '{"id":"feide:4713","names":{"":"Regneark"},"provider":{"id":"name:forlaget as","name":"Forlaget AS","realm":""},"ways":["stated"],"required":null,"activated":true,"contacts":[],"audience":{"schools":[],"roles":[]},"reason":"","said":{"names":{"source":"table services.csv","on":"2026-11-20"},"provider":{"source":"table services.csv","on":"2026-11-20"},"ways":{"source":"table services.csv","on":"2026-11-20"},"activated":{"source":"table services.csv","on":"2026-11-20"}},"other":{},"gone_on":null,"answer":{"state":"unknown","on":null,"source":"","by":""},"earlier":[],"unsettled_since":"2026-11-20T09:30:00+00:00","asked_on":null,"reminded_on":null,"basis_for_names":null}');
INSERT INTO public.service VALUES ('skotthyll.kommune.no', 'feide:4715', false, '{"id":"feide:4715","names":{"":"Ikke i bruk"},"provider":{"id":"name:kartverk as","name":"Kartverk AS","realm":""},"ways":["stated"],"required":null,"activated":false,"contacts":[],"audience":{"schools":[],"roles":[]},"reason":"","said":{"names":{"source":"table services.csv","on":"2026-11-20"},"provider":{"source":"table services.csv","on":"2026-11-20"},"ways":{"source":"table services.csv","on":"2026-11-20"},"activated":{"source":"table services.csv","on":"2026-11-20"}},"other":{},"gone_on":null,"answer":{"state":"unknown","on":null,"source":"","by":""},"earlier":[],"unsettled_since":"2026-11-20T09:30:00+00:00","asked_on":null,"reminded_on":null,"basis_for_names":null}');
INSERT INTO public.service VALUES ('skotthyll.kommune.no', 'feide:4714', true, '{"id":"feide:4714","names":{"":"Kart"},"provider":{"id":"name:kartverk as","name":"Kartverk AS","realm":""},"ways":["stated"],"required":null,"activated":true,"contacts":[],"audience":{"schools":[],"roles":[]},"reason":"","said":{"names":{"source":"table services.csv","on":"2026-11-20"},"provider":{"source":"table services.csv","on":"2026-11-20"},"ways":{"source":"table services.csv","on":"2026-11-20"},"activated":{"source":"table services.csv","on":"2026-11-20"}},"other":{},"gone_on":null,"answer":{"state":"cannot-serve","on":"2026-11-19","source":"mail","by":"kari"},"earlier":[],"unsettled_since":"2026-11-20T09:30:00+00:00","asked_on":null,"reminded_on":null,"basis_for_names":null}');


--
-- Data for Name: tick; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.tick VALUES ('skotthyll.kommune.no', 17, 'Visma', '2026-11-20T09:30:00+00:00', 'kari');


--
-- Name: change_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.change_id_seq', 30, true);


--
-- Name: change change_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.change
    ADD CONSTRAINT change_pkey PRIMARY KEY (id);


--
-- Name: delivery delivery_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.delivery
    ADD CONSTRAINT delivery_pkey PRIMARY KEY (message, channel);


--
-- Name: feide_organization feide_organization_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.feide_organization
    ADD CONSTRAINT feide_organization_pkey PRIMARY KEY (realm, id);


--
-- Name: held_row held_row_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.held_row
    ADD CONSTRAINT held_row_pkey PRIMARY KEY (realm, listed, input_row, code);


--
-- Name: issued_name issued_name_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.issued_name
    ADD CONSTRAINT issued_name_pkey PRIMARY KEY (realm, mark);


--
-- Name: notice notice_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.notice
    ADD CONSTRAINT notice_pkey PRIMARY KEY (id);


--
-- Name: observation observation_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.observation
    ADD CONSTRAINT observation_pkey PRIMARY KEY (realm);


--
-- Name: organization organization_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.organization
    ADD CONSTRAINT organization_pkey PRIMARY KEY (realm);


--
-- Name: owed owed_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.owed
    ADD CONSTRAINT owed_pkey PRIMARY KEY (change_id, service);


--
-- Name: seen seen_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.seen
    ADD CONSTRAINT seen_pkey PRIMARY KEY (realm, feide_name);


--
-- Name: service service_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.service
    ADD CONSTRAINT service_pkey PRIMARY KEY (realm, id);


--
-- Name: tick tick_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.tick
    ADD CONSTRAINT tick_pkey PRIMARY KEY (change_id, place);


--
-- Name: ix_change_feide_name; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX ix_change_feide_name ON public.change USING btree (feide_name);


--
-- Name: ix_change_open; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX ix_change_open ON public.change USING btree (realm, id) WHERE (ended_at IS NULL);


--
-- Name: ix_change_realm; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX ix_change_realm ON public.change USING btree (realm);


--
-- Name: ix_delivery_realm; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX ix_delivery_realm ON public.delivery USING btree (realm);


--
-- Name: ix_notice_realm; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX ix_notice_realm ON public.notice USING btree (realm);


--
-- Name: ix_owed_notice; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX ix_owed_notice ON public.owed USING btree (notice);


--
-- Name: ix_owed_realm; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX ix_owed_realm ON public.owed USING btree (realm);


--
-- Name: ix_tick_realm; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX ix_tick_realm ON public.tick USING btree (realm);


--
-- Name: owed owed_change_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.owed
    ADD CONSTRAINT owed_change_id_fkey FOREIGN KEY (change_id) REFERENCES public.change(id);


--
-- Name: tick tick_change_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.tick
    ADD CONSTRAINT tick_change_id_fkey FOREIGN KEY (change_id) REFERENCES public.change(id);


--
-- PostgreSQL database dump complete
--

\unrestrict sEyTgz3fXFabHCa4HpfoNVlu1VEialkWJQVtg8Df5jC5kwzn8C5rkEuluFf8585

