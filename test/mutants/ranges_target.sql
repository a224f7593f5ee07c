-- The target of ranges.sql.
CREATE TABLE digits (i integer PRIMARY KEY);
CREATE TABLE counted (id integer, v varchar(300), w bigint, x bigint);
CREATE TABLE named (a varchar(20), b integer, v varchar(300));
CREATE TABLE moments (at timestamp(3), v varchar(300));
CREATE TABLE keyless (a integer, v varchar(300));
