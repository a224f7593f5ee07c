// Regime: C++ (may throw, never calls Postgres)
//
// The proof's queries as text: which method each pair gets, framing, keys, quoting. That the renderings are right is
// shown on real servers (test/t/060_proof_renderings.pl).
#include "core/difference.hpp"
#include "core/digest.hpp"
#include "core/digest_limits.hpp"
#include "core/digest_mysql.hpp"
#include "core/digest_postgres.hpp"

#include <gtest/gtest.h>

namespace alkconv::core {
namespace {

ColumnPlan Column(const char *name, const char *source, PgKind kind, const char *target,
				  const char *charset = "utf8mb4") {
	ColumnPlan column;
	column.source_name = name;
	column.target_name = name;
	column.source_type = ParseSourceType(source, charset, "");
	column.target_type.kind = kind;
	column.target_type.text = target;
	return column;
}

TablePlan Table(std::vector<ColumnPlan> columns, std::vector<size_t> key = {}) {
	TablePlan table;
	table.source_name = table.target_name = "t";
	table.columns = std::move(columns);
	table.key = std::move(key);
	return table;
}

TableProof Proof(const TablePlan &table, bool mariadb = false) {
	std::vector<std::string> names;
	for (const ColumnPlan &column : table.columns)
		names.push_back('"' + column.target_name + '"');
	return MakeTableProof(table, names, mariadb);
}

ColumnProof ProofOf(const ColumnPlan &column, bool mariadb = false) {
	return Proof(Table({column}), mariadb).columns[0];
}

// "digest", "digest+recheck" or "reread".
std::string Method(const char *source, PgKind kind, const char *target, bool mariadb = false) {
	const ColumnProof proof = ProofOf(Column("c", source, kind, target), mariadb);
	return std::string(ProofMethodName(proof.method)) + (proof.recheck ? "+recheck" : "");
}

TEST(ProofMethods, OfEveryKindOfPair) {
	const struct {
		const char *source;
		PgKind kind;
		const char *target, *mysql, *mariadb;
	} cases[] = {
		{"tinyint(1)", PgKind::boolean, "boolean", "digest", "digest"},
		{"int", PgKind::int4, "integer", "digest", "digest"},
		{"bigint unsigned", PgKind::numeric, "numeric(20,0)", "digest", "digest"},
		{"int", PgKind::text, "text", "digest", "digest"},
		{"int", PgKind::float8, "double precision", "digest+recheck", "digest+recheck"},
		{"int", PgKind::other, "citext", "digest+recheck", "digest+recheck"},
		{"year", PgKind::int2, "smallint", "digest", "digest"},
		{"bit(8)", PgKind::bit, "bit(8)", "digest", "digest"},
		{"decimal(10,2)", PgKind::numeric, "numeric(10,2)", "digest", "digest"},
		{"double", PgKind::float8, "double precision", "digest", "digest"},
		{"float", PgKind::float4, "real", "digest", "digest"},
		{"double", PgKind::numeric, "numeric", "digest", "digest"},
		{"float", PgKind::text, "text", "digest", "digest"},
		{"date", PgKind::date, "date", "digest", "digest"},
		{"datetime(6)", PgKind::timestamp, "timestamp without time zone", "digest", "digest"},
		{"timestamp", PgKind::timestamptz, "timestamp with time zone", "digest", "digest"},
		{"time", PgKind::interval, "interval", "digest", "digest"},
		{"varchar(10)", PgKind::varchar, "character varying(10)", "digest", "digest"},
		{"varchar(10)", PgKind::enum_, "label", "digest", "digest"},
		{"char(36)", PgKind::uuid, "uuid", "digest", "digest"},
		{"varchar(10)", PgKind::int4, "integer", "digest+recheck", "digest+recheck"},
		{"varchar(10)", PgKind::other, "citext", "digest+recheck", "digest+recheck"},
		{"varchar(10)", PgKind::timestamptz, "timestamp with time zone", "reread", "reread"},
		{"longtext", PgKind::jsonb, "jsonb", "reread", "reread"},
		{"longtext", PgKind::json, "json", "digest", "digest"},
		{"blob", PgKind::bytea, "bytea", "digest", "digest"},
		{"binary(16)", PgKind::uuid, "uuid", "digest", "digest"},
		{"geometry", PgKind::bytea, "bytea", "digest", "digest"},
		{"geometry", PgKind::other, "geometry", "reread", "reread"}, // of another extension
		{"enum('a')", PgKind::enum_, "label", "digest", "digest"},
		{"set('a')", PgKind::text_array, "text[]", "digest", "digest"},
		{"set('a')", PgKind::other, "label[]", "digest", "digest"},
		{"json", PgKind::json, "json", "digest", "digest"},
		// MySQL's JSON is written as jsonb writes it, but for numbers with exponents; MariaDB's is any text
		{"json", PgKind::jsonb, "jsonb", "digest+recheck", "reread"},
	};
	for (const auto &c : cases) {
		EXPECT_EQ(Method(c.source, c.kind, c.target, false), c.mysql) << c.source << " to " << c.target;
		EXPECT_EQ(Method(c.source, c.kind, c.target, true), c.mariadb)
			<< c.source << " to " << c.target << " from MariaDB";
	}
}

TEST(ProofMethods, ShapesOfPostgis) {
	ColumnPlan column = Column("c", "point", PgKind::other, "public.geometry(Point,4326)");
	column.target_type.shape = ShapeType::geometry;
	const ColumnProof proof = ProofOf(column);
	EXPECT_EQ(proof.method, ProofMethod::digest);
	EXPECT_FALSE(proof.recheck);
	EXPECT_EQ(proof.mysql, "LOWER(HEX(`c`))");
	EXPECT_NE(proof.postgres.find("THEN pg_catalog.concat(\"c\") END,11,8)||'01'||"), std::string::npos);
}

// Of every other type somebody may define the cast to text, and it would run in the proof.
TEST(ProofSql, CastsOnlyWhatTheServerCasts) {
	const char *const sources[] = {"int", "datetime", "varchar(20)", "text", "enum('a')", "json", "set('a')", "uuid"};
	const char *const written = "CASE WHEN \"c\" IS DISTINCT FROM NULL THEN pg_catalog.concat(\"c\") END";
	for (const char *source : sources)
		for (const PgKind kind : {PgKind::enum_, PgKind::other}) {
			const ColumnPlan column = Column("c", source, kind, "public.mood");
			const ColumnProof proof = ProofOf(column);
			for (const std::string &sql : {proof.postgres, proof.postgres_frame, proof.postgres_excerpt})
				EXPECT_EQ(sql.find("\"c\"::"), std::string::npos) << source << ": " << sql;
			EXPECT_EQ(proof.postgres_excerpt, std::string("pg_catalog.left(") + written + ",80)") << source;
			ColumnPlan built_in = column;
			built_in.target_type.kind = PgKind::other;
			built_in.target_type.oid = 650; // cidr
			EXPECT_EQ(ProofOf(built_in).postgres_excerpt, "pg_catalog.left(\"c\"::pg_catalog.text,80)") << source;
		}
	ColumnPlan members = Column("c", "set('a')", PgKind::other, "public.mood[]");
	EXPECT_EQ(ProofOf(members).postgres_frame.find("\"c\"::"), std::string::npos);
}

TEST(ProofMethods, NothingIsLeftOutWithoutAReason) {
	const char *const sources[] = {
		"tinyint",	  "bigint unsigned", "decimal(10,2)", "float",	   "double",	   "bit(9)",	  "year",
		"date",		  "datetime(6)",	 "timestamp",	  "time",	   "char(36)",	   "varchar(36)", "text",
		"binary(16)", "varbinary(16)",	 "blob",		  "enum('a')", "set('a')",	   "json",		  "geometry",
		"uuid",		  "inet4",			 "inet6",		  "vector(3)", "something_new"};
	for (const char *source : sources)
		for (int kind = 0; kind <= static_cast<int>(PgKind::other); kind++)
			for (const bool mariadb : {false, true}) {
				const ColumnProof proof = ProofOf(Column("c", source, static_cast<PgKind>(kind), "target"), mariadb);
				const bool digest = proof.method == ProofMethod::digest;
				EXPECT_EQ(digest, !proof.mysql.empty() && !proof.postgres.empty() && !proof.mysql_frame.empty() &&
									  !proof.postgres_frame.empty());
				EXPECT_EQ(digest && !proof.recheck, *proof.why == '\0') << source << " to kind " << kind;
				EXPECT_FALSE(proof.mysql_excerpt.empty() || proof.postgres_excerpt.empty());
				EXPECT_EQ(proof.mysql_column, "`c`");
				EXPECT_EQ(proof.postgres_column, "\"c\"");
			}
}

TEST(ProofSql, OfASmallTableWordForWord) {
	const TableProof proof = Proof(Table(
		{Column("id", "int", PgKind::int4, "integer"), Column("note", "varchar(10)", PgKind::text, "text")}, {0}));
	EXPECT_TRUE(proof.keyed);
	EXPECT_EQ(
		proof.mysql_row,
		"SHA2(CONCAT(IF(`id` IS NULL,'!',CONCAT(CAST(`id` AS CHAR CHARACTER SET utf8mb4) COLLATE utf8mb4_bin,',')),"
		"IF(`note` IS NULL,'!',CONCAT(LENGTH(`note` COLLATE utf8mb4_bin),':',`note` COLLATE utf8mb4_bin))),256)");
	EXPECT_EQ(proof.postgres_row, "pg_catalog.encode(pg_catalog.sha256(pg_catalog.convert_to("
								  "(CASE WHEN \"id\" IS NULL THEN '!' ELSE \"id\"::pg_catalog.text||',' END||"
								  "CASE WHEN \"note\" IS NULL THEN '!' ELSE "
								  "pg_catalog.octet_length(\"note\"::pg_catalog.text)::pg_catalog.text||':'||"
								  "\"note\"::pg_catalog.text END),'UTF8')),'hex')");
	EXPECT_EQ(proof.mysql_key, "COALESCE(CAST(`id` AS CHAR CHARACTER SET utf8mb4) COLLATE utf8mb4_bin,'NULL')");
	EXPECT_EQ(proof.postgres_key, "COALESCE(\"id\"::pg_catalog.text,'NULL')");
	EXPECT_EQ(
		MysqlDigestQuery(proof, "`d`.`t`"),
		"SELECT n,COALESCE(LEFT(s,CHAR_LENGTH(s)-54),'0'),COALESCE(LEFT(RIGHT(s,54),27),'0'),COALESCE(RIGHT(s,27),'0') "
		"FROM (SELECT COUNT(*) "
		"AS n,CAST(SUM(CAST(CONCAT('10000000000',HEX(LEFT(" +
			proof.mysql_row + ",22))) AS DECIMAL(65,0))) AS CHAR) AS s FROM `d`.`t`) AS q");
	EXPECT_EQ(MysqlRereadQuery(proof, "`d`.`t`", {1}, {"7"}),
			  "SELECT COALESCE(CAST(`id` AS CHAR CHARACTER SET utf8mb4) COLLATE utf8mb4_bin,'NULL'),`note` FROM "
			  "`d`.`t` WHERE "
			  "COALESCE(CAST(`id` AS CHAR CHARACTER SET utf8mb4) COLLATE utf8mb4_bin,'NULL') IN (X'37')");
	EXPECT_EQ(PostgresRereadQuery(proof, "\"t\"", {1}, {}),
			  "SELECT COALESCE(\"id\"::pg_catalog.text,'NULL'),\"note\" FROM \"t\"");
}

TEST(ProofSql, KeysOfSeveralColumnsCannotBeMistaken) {
	const TableProof proof =
		Proof(Table({Column("a", "varchar(5)", PgKind::text, "text"), Column("b", "int", PgKind::int4, "integer"),
					 Column("c", "int", PgKind::int4, "integer")},
					{1, 0}));
	EXPECT_EQ(proof.mysql_key, "CONCAT(" + proof.columns[1].mysql_frame + "," + proof.columns[0].mysql_frame + ")");
	EXPECT_EQ(proof.postgres_key, "(" + proof.columns[1].postgres_frame + "||" + proof.columns[0].postgres_frame + ")");
}

TEST(ProofSql, WithoutAKeyRowsAreTheirOwnDigest) {
	const TablePlan keyless = Table({Column("a", "int", PgKind::int4, "integer")});
	EXPECT_FALSE(Proof(keyless).keyed);
	EXPECT_EQ(Proof(keyless).mysql_key, Proof(keyless).mysql_row);
	EXPECT_EQ(Proof(keyless).postgres_key, Proof(keyless).postgres_row);
	EXPECT_NE(MysqlBucketQuery(Proof(keyless), "t").find("LEFT(" + Proof(keyless).mysql_row + ",3) AS b"),
			  std::string::npos);
	// keys that the two servers write in different ways would never meet
	EXPECT_FALSE(Proof(Table({Column("a", "varchar(9)", PgKind::other, "citext")}, {0})).keyed);
	EXPECT_FALSE(Proof(Table({Column("a", "varchar(9)", PgKind::interval, "interval")}, {0})).keyed);
}

TEST(ProofSql, ColumnsToBeReadAgainTakeNoPartInTheDigest) {
	const TableProof proof = Proof(Table(
		{Column("a", "int", PgKind::int4, "integer"), Column("f", "varchar(9)", PgKind::interval, "interval")}, {0}));
	EXPECT_EQ(proof.mysql_row.find("`f`"), std::string::npos);
	EXPECT_EQ(proof.postgres_row.find("\"f\""), std::string::npos);
	const std::string values = MysqlValuesQuery(proof, "t", {"1", "2"});
	EXPECT_NE(values.find("LEFT(CAST(`f` AS CHAR CHARACTER SET utf8mb4) COLLATE utf8mb4_bin,80),NULL FROM t WHERE"),
			  std::string::npos);
	EXPECT_NE(values.find("IN (X'31',X'32')"), std::string::npos);
	const TableProof none = Proof(Table({Column("f", "varchar(9)", PgKind::interval, "interval")}));
	EXPECT_EQ(none.mysql_row, "SHA2('',256)");
	EXPECT_NE(none.postgres_row.find("pg_catalog.convert_to('','UTF8')"), std::string::npos);
}

TEST(ProofSql, ColumnsToBeRecheckedCanBeReadAgainFromTheStart) {
	const TablePlan table =
		Table({Column("a", "int", PgKind::int4, "integer"), Column("j", "json", PgKind::jsonb, "jsonb")}, {0});
	const TableProof proof = MakeTableProof(table, {"\"a\"", "\"j\""}, false, {1});
	EXPECT_EQ(proof.columns[0].method, ProofMethod::digest);
	EXPECT_EQ(proof.columns[1].method, ProofMethod::reread);
	EXPECT_TRUE(proof.columns[1].mysql.empty() && proof.columns[1].postgres_frame.empty());
	EXPECT_EQ(proof.columns[1].mysql_excerpt, "LEFT(CAST(`j` AS CHAR CHARACTER SET utf8mb4) COLLATE utf8mb4_bin,80)");
	EXPECT_EQ(proof.mysql_row.find("`j`"), std::string::npos);
}

TEST(ProofSql, EmptyIsNullByLengthNotByCollation) {
	ColumnPlan column = Column("c", "char(36)", PgKind::uuid, "uuid");
	column.policy.empty_to_null = true;
	EXPECT_EQ(ProofOf(column).mysql_frame.rfind("IF(IF(LENGTH(`c`)=0,NULL,`c`) IS NULL,'!',", 0), 0u);
	EXPECT_EQ(ProofOf(column).postgres_frame.rfind("CASE WHEN \"c\" IS NULL THEN '!'", 0), 0u);
}

TEST(ProofSql, TransformsAreRenderedOrReadAgain) {
	ColumnPlan column = Column("c", "longtext", PgKind::text, "text");
	column.policy.transforms = {ParseTransform("code_points_to_base64")};
	EXPECT_EQ(ProofOf(column).method, ProofMethod::digest);
	EXPECT_NE(ProofOf(column).postgres_frame.find("pg_catalog.decode"), std::string::npos);
	column.policy.transforms = {ParseTransform("inflate")};
	EXPECT_EQ(ProofOf(column).method, ProofMethod::digest);
	EXPECT_TRUE(ProofOf(column).recheck); // of gzip's format the source says nothing
	EXPECT_NE(ProofOf(column).mysql_view.find("UNCOMPRESS("), std::string::npos);
}

TEST(ProofSql, WhatAnExpressionGetsIsTheSourcesTextOrTheConverters) {
	const struct {
		const char *source;
		const char *transform;
		const char *text; // empty: the converter's
	} kCases[] = {
		{"varchar(20)", "", "`c` COLLATE utf8mb4_bin"},
		{"int", "", "CAST(`c` AS CHAR CHARACTER SET utf8mb4) COLLATE utf8mb4_bin"},
		{"varbinary(20)", "", "CONCAT(X'5C78',LOWER(HEX(`c`)))"},
		{"varchar(20)", "strip_nul", "`c` COLLATE utf8mb4_bin"},
		{"double", "", ""},
		{"blob", "inflate", ""},
		{"longtext", "code_points_to_base64", ""},
	};
	for (const auto &test : kCases) {
		ColumnPlan column = Column("c", test.source, PgKind::text, "text");
		column.policy.expression = "value";
		if (test.transform[0] != '\0')
			column.policy.transforms = {ParseTransform(test.transform)};
		EXPECT_EQ(ProofOf(column).mysql_text, test.text) << test.source << " " << test.transform;
		EXPECT_EQ(ProofOf(column).method, ProofMethod::reread);
	}
}

TEST(ProofSql, TheColumnsThatDifferAreFoundByDigestsOfTheirOwn) {
	const TableProof proof =
		Proof(Table({Column("a", "int", PgKind::int4, "integer"), Column("j", "json", PgKind::jsonb, "jsonb"),
					 Column("k", "json", PgKind::jsonb, "jsonb")},
					{0}));
	const std::vector<size_t> columns = RecheckColumns(proof);
	EXPECT_EQ(columns, (std::vector<size_t>{1, 2}));
	const std::string mysql = MysqlColumnDigestsQuery(proof, "t", columns);
	EXPECT_EQ(mysql.rfind("SELECT n1,COALESCE(LEFT(s1,", 0), 0u);
	EXPECT_NE(mysql.find(",n2,"), std::string::npos);
	EXPECT_EQ(mysql.find("`a`"), std::string::npos);
	EXPECT_NE(PostgresColumnDigestsQuery(proof, "t", columns).find("AS n2,"), std::string::npos);
	const TextRows source = {{"3", "3", "1", "2", "3", "3", "4", "5"}};
	TextRows target = source;
	EXPECT_TRUE(DifferingColumns(source, target, columns).empty());
	target[0][7] = "6";
	EXPECT_EQ(DifferingColumns(source, target, columns), std::vector<size_t>{2});
	target[0][1] = "2";
	EXPECT_EQ(DifferingColumns(source, target, columns), (std::vector<size_t>{1, 2}));
}

TEST(ProofSql, ExcerptsShowTheValuesNotTheirRenderings) {
	const ColumnProof date = ProofOf(Column("c", "date", PgKind::date, "date"));
	EXPECT_EQ(date.mysql_excerpt, "LEFT(CAST(`c` AS CHAR CHARACTER SET utf8mb4) COLLATE utf8mb4_bin,80)");
	EXPECT_EQ(date.postgres_excerpt, "pg_catalog.left(\"c\"::pg_catalog.text,80)");
	EXPECT_EQ(ProofOf(Column("c", "float", PgKind::float4, "real")).mysql_excerpt,
			  "LEFT(CAST(`c`+0E0 AS CHAR CHARACTER SET utf8mb4) COLLATE utf8mb4_bin,80)");
	EXPECT_EQ(ProofOf(Column("c", "set('a')", PgKind::text_array, "text[]")).mysql_excerpt,
			  "LEFT(`c` COLLATE utf8mb4_bin,80)");
	EXPECT_EQ(ProofOf(Column("c", "bit(3)", PgKind::bit, "bit(3)")).mysql_excerpt, "LEFT(LPAD(BIN(`c`+0),3,'0'),80)");
}

// What the server has stored, whatever zone the session is in.
TEST(ProofSql, InstantsAreNoWallTimesOfTheSession) {
	for (const char *target : {"timestamp with time zone", "timestamp without time zone", "date"}) {
		const PgKind kind = target[0] == 'd'	? PgKind::date
							: target[10] == 'o' ? PgKind::timestamp
												: PgKind::timestamptz;
		EXPECT_EQ(
			ProofOf(Column("c", "timestamp(3)", kind, target)).mysql.rfind("IF(UNIX_TIMESTAMP(`c`)<>0,CAST(UNIX_", 0),
			0u);
	}
	EXPECT_NE(ProofOf(Column("c", "timestamp(3)", PgKind::text, "text"))
				  .mysql.find("DATE_ADD(TIMESTAMP'1970-01-01 00:00:00.000',INTERVAL UNIX_TIMESTAMP(`c`) SECOND)"),
			  std::string::npos);
	EXPECT_EQ(ProofOf(Column("c", "datetime(3)", PgKind::timestamp, "timestamp without time zone")).mysql.find("UNIX_"),
			  std::string::npos);
}

TEST(ProofSql, LimitsOfNumbersAreItsOwn) {
	const auto limits = [](const char *source, PgKind kind, int32_t precision, int32_t scale) {
		TargetType target;
		target.kind = kind;
		target.precision = precision;
		target.scale = scale;
		const digest::Limits found = digest::LimitsOf(ParseSourceType(source, "", ""), target);
		return found.lowest + " " + found.highest;
	};
	EXPECT_EQ(limits("int", PgKind::int2, -1, 0), "-32768 32767");
	EXPECT_EQ(limits("decimal(30,2)", PgKind::int4, -1, 0), "-2147483648 2147483647");
	EXPECT_EQ(limits("bigint unsigned", PgKind::int8, -1, 0), "-9223372036854775808 9223372036854775807");
	EXPECT_EQ(limits("decimal(20,2)", PgKind::numeric, 5, 2), "-999.99 999.99");
	EXPECT_EQ(limits("decimal(20,1)", PgKind::numeric, 5, 2), "-999.9 999.9");
	EXPECT_EQ(limits("decimal(20,6)", PgKind::numeric, 5, 0), "-99999 99999");
	EXPECT_EQ(limits("int", PgKind::numeric, 5, 2), "-999 999");
	EXPECT_EQ(limits("decimal(4,3)", PgKind::numeric, 2, 2), "-0.99 0.99");
	EXPECT_EQ(limits("int", PgKind::numeric, 2, 2), "-0 0");
	EXPECT_THROW(limits("int", PgKind::float4, -1, 0), Error);
	EXPECT_THROW(limits("int", PgKind::numeric, -1, -1), Error);
}

TEST(ProofSql, CharacterSetsBecomeUtf8) {
	EXPECT_EQ(ProofOf(Column("c", "varchar(5)", PgKind::text, "text", "latin1")).mysql,
			  "CONVERT(`c` USING utf8mb4) COLLATE utf8mb4_bin");
	EXPECT_EQ(ProofOf(Column("c", "varchar(5)", PgKind::text, "text")).mysql, "`c` COLLATE utf8mb4_bin");
}

TEST(ProofSql, Quoting) {
	EXPECT_EQ(digest::mysql::Identifier("a`b"), "`a``b`");
	EXPECT_EQ(digest::mysql::BinaryLiteral("a'\\\xFF"), "X'61275cff'");
	EXPECT_EQ(digest::mysql::BinaryLiteral(""), "X''");
	EXPECT_EQ(digest::postgres::Literal("a'b\\c\nd"), "E'a''b\\\\c\\nd'");
	EXPECT_EQ(digest::postgres::Concatenation({"a", "b", "c", "d", "e"}), "(((a||b)||(c||d))||e)");
	EXPECT_EQ(digest::postgres::Concatenation({"a"}), "a");
	EXPECT_EQ(digest::postgres::Concatenation({}), "''");
}

TEST(ProofSql, ANameIsNeededForEachColumn) {
	try {
		MakeTableProof(Table({Column("a", "int", PgKind::int4, "integer")}), {}, false);
		FAIL();
	} catch (const Error &error) {
		EXPECT_EQ(error.code(), Code::internal);
		EXPECT_EQ(error.table(), "t");
	}
}

} // namespace
} // namespace alkconv::core
