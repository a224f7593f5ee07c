// Regime: C++ (may throw, never calls Postgres)
//
// The audit of schemas: two catalogs that say the same, then one property of the target changed at a time.
#include "core/audit.hpp"
#include "core/audit_check_values.hpp"
#include "core/audit_target.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <string>
#include <vector>

namespace alkconv::core {
namespace {

struct Pictures {
	AuditSourceSchema schema;
	AuditSource source;
	AuditTarget target;
	AuditPairs pairs;
};

AuditSourceColumn SourceColumn(const char *name, const char *kind, const char *type) {
	AuditSourceColumn column;
	column.name = name;
	column.kind = kind;
	column.type = type;
	return column;
}

AuditTargetColumn TargetColumn(const char *name, const char *type) {
	AuditTargetColumn column;
	column.name = name;
	column.type = type;
	return column;
}

AuditPart Part(const char *column, uint64_t prefix = 0, bool descending = false) {
	return {column, prefix, descending, ""};
}

void AddColumn(Pictures &p, AuditSourceColumn source, AuditTargetColumn target) {
	p.pairs.tables[0].columns.push_back({source.name, target.name, "", false, false, false, ""});
	p.source.columns.push_back(std::move(source));
	p.target.columns.push_back(std::move(target));
}

// What a healthy run makes of a table with a bit of everything.
Pictures Healthy() {
	Pictures p;
	p.schema.database = "shop";
	p.pairs.target_schema = "made";
	p.pairs.tables.resize(2);
	p.pairs.tables[0].source = p.pairs.tables[0].target = "t";
	p.pairs.tables[0].audited = true;
	p.pairs.tables[1].source = p.pairs.tables[1].target = "parent";
	p.pairs.tables[1].columns.push_back({"id", "id", "", false, false, false, ""});
	p.source.name = p.target.name = "t";
	p.source.comment = p.target.comment = "what it is";

	AuditSourceColumn id = SourceColumn("id", "int", "int");
	id.nullable = false;
	id.auto_increment = true;
	AuditTargetColumn made_id = TargetColumn("id", "integer");
	made_id.not_null = true;
	made_id.identity = "d";
	AddColumn(p, id, made_id);

	AuditSourceColumn name = SourceColumn("name", "varchar", "varchar(20)");
	name.length = 20;
	name.default_text = "it's";
	name.comment = "a name";
	AuditTargetColumn made_name = TargetColumn("name", "character varying(20)");
	made_name.default_text = "'it''s'::character varying";
	made_name.default_is_constant = true;
	made_name.default_value = "it's";
	made_name.comment = "a name";
	AddColumn(p, name, made_name);

	AuditSourceColumn price = SourceColumn("price", "decimal", "decimal(9,2)");
	price.precision = 9;
	price.scale = 2;
	AddColumn(p, price, TargetColumn("price", "numeric(9,2)"));

	AuditSourceColumn at = SourceColumn("at", "datetime", "datetime(3)");
	at.fraction = 3;
	at.on_update = true;
	at.default_text = "CURRENT_TIMESTAMP(3)";
	at.default_is_expression = true;
	AuditTargetColumn made_at = TargetColumn("at", "timestamp(3) without time zone");
	made_at.default_text = "date_trunc('milliseconds'::text, LOCALTIMESTAMP)";
	AddColumn(p, at, made_at);

	AuditTargetColumn made_mood = TargetColumn("mood", "made.t_mood");
	made_mood.labels = {"good", "it's", "back\\slash"};
	AddColumn(p, SourceColumn("mood", "enum", "enum('good','it''s','back\\\\slash')"), made_mood);
	AddColumn(p, SourceColumn("tags", "set", "set('a','b')"), TargetColumn("tags", "text[]"));
	AuditSourceColumn sum = SourceColumn("sum", "int", "int");
	sum.generated = true;
	AuditTargetColumn made_sum = TargetColumn("sum", "integer");
	made_sum.generated = true;
	AddColumn(p, sum, made_sum);

	p.source.keys = {{"PRIMARY", true, true, "BTREE", {Part("id")}, ""},
					 {"uk", false, true, "BTREE", {Part("price"), Part("name")}, ""},
					 {"ix", false, false, "BTREE", {Part("name", 5), Part("at", 0, true)}, ""}};
	p.target.keys = {
		{"t_pkey", true, true, "btree", {Part("id")}, ""},
		{"uk", false, true, "btree", {Part("price"), Part("name")}, ""},
		{"ix", false, false, "btree", {{"", 0, false, "\"left\"((name)::text, 5)"}, Part("at", 0, true)}, ""}};
	p.source.foreign_keys = {{"fk", {"price"}, "shop", "parent", {"id"}, "CASCADE", "SET NULL"}};
	p.target.foreign_keys = {{"fk", {"price"}, "made", "parent", {"id"}, "CASCADE", "SET NULL"}};
	p.source.checks = {{"positive", "(`price` > 0)", {}, true, true}};
	p.target.checks = {{"positive", "(price > (0)::numeric)", {"price"}, true, true},
					   {"t_tags_check", "(tags <@ ARRAY['a'::text, 'b'::text])", {"tags"}, true, true}};
	p.target.on_update = {{"BEGIN IF new.at IS NOT DISTINCT FROM old.at THEN new.at := date_bin('1 millisecond', "
						   "statement_timestamp()::timestamp, '2000-01-01 00:00:00'); END IF; END",
						   "CREATE TRIGGER on_update_at BEFORE UPDATE ON made.t FOR EACH ROW WHEN (old.* *<> new.*) "
						   "EXECUTE FUNCTION made.on_update_at()"}};
	p.source.partition_method = "RANGE";
	p.source.partition_expression = "`price`";
	p.source.partitions = {{"p0", "10", 3}, {"p1", "MAXVALUE", 4}};
	p.target.partitioned = true;
	p.target.partition_key = "RANGE (price)";
	p.target.partitions = {{"t_p0", "FOR VALUES FROM (MINVALUE) TO ('10')", 3},
						   {"t_p1", "FOR VALUES FROM ('10') TO (MAXVALUE)", 4}};
	return p;
}

// "kind: object" of everything that differs.
std::vector<std::string> Differences(const Pictures &p) {
	std::vector<std::string> all;
	for (const AuditResult &result : AuditTable(p.schema, p.source, p.target, p.pairs.tables[0], p.pairs))
		for (const AuditDifference &difference : result.differences)
			all.push_back(std::string(result.kind) + ": " + difference.object);
	return all;
}

using Names = std::vector<std::string>;

TEST(Audit, NothingDiffersInWhatAHealthyRunMakes) {
	const Pictures p = Healthy();
	EXPECT_EQ(Differences(p), Names{});
	EXPECT_EQ(AuditTable(p.schema, p.source, p.target, p.pairs.tables[0], p.pairs).size(), 8u);
}

struct Damage {
	const char *name;
	std::function<void(Pictures &)> harm;
	const char *found;
};

AuditTargetColumn &Column(Pictures &p, const std::string &name) {
	for (AuditTargetColumn &column : p.target.columns)
		if (column.name == name)
			return column;
	throw std::out_of_range(name);
}

TEST(Audit, EachDamageIsNamed) {
	const std::vector<Damage> damages = {
		{"lost primary key", [](Pictures &p) { p.target.keys.erase(p.target.keys.begin()); }, "keys: key PRIMARY"},
		{"primary key is only unique", [](Pictures &p) { p.target.keys[0].primary = false; }, "keys: key PRIMARY"},
		{"lost unique key", [](Pictures &p) { p.target.keys.erase(p.target.keys.begin() + 1); }, "keys: key uk"},
		{"unique key is an index", [](Pictures &p) { p.target.keys[1].unique = false; }, "keys: key uk"},
		{"exchanged columns", [](Pictures &p) { std::swap(p.target.keys[1].parts[0], p.target.keys[1].parts[1]); },
		 "keys: key uk"},
		{"of some rows", [](Pictures &p) { p.target.keys[1].condition = "of some rows"; }, "keys: key uk"},
		{"other prefix", [](Pictures &p) { p.target.keys[2].parts[0].expression = "\"left\"((name)::text, 50)"; },
		 "keys: key ix"},
		{"no prefix", [](Pictures &p) { p.target.keys[2].parts[0] = Part("name"); }, "keys: key ix"},
		{"ascending", [](Pictures &p) { p.target.keys[2].parts[1].descending = false; }, "keys: key ix"},
		{"one more", [](Pictures &p) { p.target.keys.push_back({"x", false, true, "btree", {Part("at")}, ""}); },
		 "keys: index x"},
		{"lost foreign key", [](Pictures &p) { p.target.foreign_keys.clear(); }, "foreign keys: foreign key fk"},
		{"other action", [](Pictures &p) { p.target.foreign_keys[0].on_delete = "CASCADE"; },
		 "foreign keys: foreign key fk"},
		{"other parent", [](Pictures &p) { p.target.foreign_keys[0].parent = "t"; }, "foreign keys: foreign key fk"},
		{"other parent's column", [](Pictures &p) { p.target.foreign_keys[0].parent_columns = {"no"}; },
		 "foreign keys: foreign key fk"},
		{"lost check", [](Pictures &p) { p.target.checks.erase(p.target.checks.begin()); }, "checks: check positive"},
		{"check of nothing", [](Pictures &p) { p.target.checks[0].columns.clear(); }, "checks: check positive"},
		{"not valid", [](Pictures &p) { p.target.checks[0].validated = false; }, "checks: check positive"},
		{"not enforced", [](Pictures &p) { p.target.checks[0].enforced = false; }, "checks: check positive"},
		{"lost check of a set", [](Pictures &p) { p.target.checks.pop_back(); }, "checks: labels of column tags"},
		{"label of a set", [](Pictures &p) { p.target.checks[1].text = "(tags <@ ARRAY['a'::text])"; },
		 "checks: labels of column tags"},
		{"lost NOT NULL", [](Pictures &p) { Column(p, "id").not_null = false; }, "columns: column id"},
		{"new NOT NULL", [](Pictures &p) { Column(p, "name").not_null = true; }, "columns: column name"},
		{"lost identity", [](Pictures &p) { Column(p, "id").identity = ""; }, "columns: column id"},
		{"identity ALWAYS", [](Pictures &p) { Column(p, "id").identity = "a"; }, "columns: column id"},
		{"not generated", [](Pictures &p) { Column(p, "sum").generated = false; }, "columns: column sum"},
		{"other length", [](Pictures &p) { Column(p, "name").type = "character varying(2)"; }, "columns: column name"},
		{"other scale", [](Pictures &p) { Column(p, "price").type = "numeric(9,3)"; }, "columns: column price"},
		{"other digits", [](Pictures &p) { Column(p, "at").type = "timestamp(0) without time zone"; },
		 "columns: column at"},
		{"label lost", [](Pictures &p) { Column(p, "mood").labels.pop_back(); }, "columns: column mood"},
		{"labels exchanged", [](Pictures &p) { std::swap(Column(p, "mood").labels[0], Column(p, "mood").labels[1]); },
		 "columns: column mood"},
		{"order of columns", [](Pictures &p) { std::swap(p.target.columns[1], p.target.columns[2]); },
		 "columns: order of columns"},
		{"lost default", [](Pictures &p) { Column(p, "name").default_text.reset(); }, "defaults: column name"},
		{"other default", [](Pictures &p) { Column(p, "name").default_value = "its"; }, "defaults: column name"},
		{"clock that stands", [](Pictures &p) { Column(p, "at").default_is_constant = true; }, "defaults: column at"},
		{"new default", [](Pictures &p) { Column(p, "price").default_text = "0"; }, "defaults: column price"},
		{"clock of seconds",
		 [](Pictures &p) { Column(p, "at").default_text = "date_trunc('second'::text, LOCALTIMESTAMP)"; },
		 "defaults: column at"},
		{"clock that rounds", [](Pictures &p) { Column(p, "at").default_text = "LOCALTIMESTAMP(3)"; },
		 "defaults: column at"},
		{"collation", [](Pictures &p) { Column(p, "name").collation = "C"; }, "columns: column name"},
		{"collation lost", [](Pictures &p) { p.pairs.tables[0].columns[1].collation_by_rule = "pg_catalog.\"C\""; },
		 "columns: column name"},
		{"check of others", [](Pictures &p) { p.target.checks[0].contradicted = "price is 0"; },
		 "checks: check positive"},
		{"trigger of seconds",
		 [](Pictures &p) {
			 std::string &body = p.target.on_update[0].body;
			 body.replace(body.find("1 millisecond"), 13, "1 second");
		 },
		 "on update: column at"},
		{"trigger of other rows",
		 [](Pictures &p) {
			 std::string &made = p.target.on_update[0].definition;
			 made.replace(made.find("*<>"), 3, "*>=");
		 },
		 "on update: column at"},
		{"trigger of every row",
		 [](Pictures &p) {
			 std::string &body = p.target.on_update[0].body;
			 body.erase(body.find("NOT "), 4);
		 },
		 "on update: column at"},
		{"subpartitions", [](Pictures &p) { p.source.subpartitioned = true; }, "partitions: partitions"},
		{"lost trigger", [](Pictures &p) { p.target.on_update.clear(); }, "on update: column at"},
		{"lost comment", [](Pictures &p) { Column(p, "name").comment = ""; }, "comments: column name"},
		{"other comment", [](Pictures &p) { p.target.comment = "what it was"; }, "comments: table"},
		{"no partitions", [](Pictures &p) { p.target.partitioned = false; }, "partitions: partitions"},
		{"other bound", [](Pictures &p) { p.target.partitions[0].bound = "FOR VALUES FROM (MINVALUE) TO ('11')"; },
		 "partitions: partition t_p0"},
		{"rows elsewhere", [](Pictures &p) { p.target.partitions[1].rows = 5; }, "partitions: partition t_p1"},
		{"other key", [](Pictures &p) { p.target.partition_key = "RANGE (id)"; }, "partitions: partition key"},
	};
	for (const Damage &damage : damages) {
		Pictures p = Healthy();
		damage.harm(p);
		EXPECT_EQ(Differences(p), Names{damage.found}) << damage.name;
	}
}

TEST(Audit, ANoteOfTheObjectCovers) {
	const std::vector<std::pair<std::string, std::function<void(Pictures &)>>> covered = {
		{"unique key uk: not made: left out by rule",
		 [](Pictures &p) { p.target.keys.erase(p.target.keys.begin() + 1); }},
		{"foreign key fk: not made: its parent is left out", [](Pictures &p) { p.target.foreign_keys.clear(); }},
		{"check positive: not made: its expression is not translated",
		 [](Pictures &p) { p.target.checks.erase(p.target.checks.begin()); }},
		{"check positive: NOT VALID, so that rows", [](Pictures &p) { p.target.checks[0].validated = false; }},
		{"default name: there is none: ...", [](Pictures &p) { Column(p, "name").default_text.reset(); }},
		{"on update at: ON UPDATE CURRENT_TIMESTAMP is not carried over",
		 [](Pictures &p) { p.target.on_update.clear(); }},
		{"table t: NOT NULL is dropped, since rules make NULL of values: \"id\"",
		 [](Pictures &p) { Column(p, "id").not_null = false; }},
		{"column sum: generated in the source, its values are copied",
		 [](Pictures &p) { Column(p, "sum").generated = false; }},
		{"partitions t: it becomes a plain table: rule", [](Pictures &p) { p.target.partitioned = false; }},
	};
	for (const auto &[note, harm] : covered) {
		Pictures p = Healthy();
		harm(p);
		EXPECT_EQ(Differences(p).size(), 1u) << note;
		p.pairs.tables[0].notes[note.substr(0, note.find(": "))] = note.substr(note.find(": ") + 2);
		EXPECT_EQ(Differences(p), Names{}) << note;
	}
	Pictures p = Healthy(); // of another object it does not
	p.target.foreign_keys.clear();
	p.pairs.tables[0].notes["foreign key other"] = "not made: its parent is left out";
	EXPECT_EQ(Differences(p).size(), 1u);
}

TEST(Audit, AForeignKeyThatWaitsForItsParentIsDueWhenThatIsThere) {
	Pictures p = Healthy();
	p.target.foreign_keys.clear();
	p.pairs.tables[0].notes["foreign key fk"] =
		"not made: its parent \"parent\" is left out, a run that makes it makes the key";
	EXPECT_EQ(Differences(p), Names{});
	p.pairs.tables[1].audited = true;
	EXPECT_EQ(Differences(p), Names{"foreign keys: foreign key fk"});
}

// A picture with a second audited table, to whose key (a, b) columns of the same types refer.
Pictures WithPair() {
	Pictures p = Healthy();
	p.pairs.tables[1].audited = true;
	AuditSource parent;
	parent.name = "parent";
	for (const char *name : {"a", "b"}) {
		parent.columns.push_back(SourceColumn(name, "int", "int"));
		p.pairs.tables[1].columns.push_back({name, name, "", false, false, false, ""});
		AddColumn(p, SourceColumn(name, "int", "int"), TargetColumn(name, "integer"));
	}
	parent.keys = {{"ab", false, true, "BTREE", {Part("b"), Part("a")}, ""}};
	p.schema.tables["parent"] = parent;
	p.source.foreign_keys = {{"fk", {"a", "b"}, "shop", "parent", {"a", "b"}, "CASCADE", "SET NULL"}};
	p.target.foreign_keys.clear();
	p.pairs.tables[0].notes["foreign key fk"] = "not made: its parent's columns are not a unique key of their own";
	return p;
}

TEST(Audit, ANoteOfAForeignKeyCountsWhereTheCatalogsShowAReason) {
	EXPECT_EQ(Differences(WithPair()), Names{"foreign keys: foreign key fk"});
	const std::vector<std::function<void(Pictures &)>> reasons = {
		[](Pictures &p) { p.pairs.tables[1].audited = false; },
		[](Pictures &p) { p.pairs.tables[1].columns.pop_back(); },
		[](Pictures &p) { p.schema.tables["parent"].keys[0].unique = false; },
		[](Pictures &p) { p.schema.tables["parent"].keys[0].parts[0].prefix = 3; },
		[](Pictures &p) { p.pairs.tables[1].notes["unique key ab"] = "not made: left out by rule"; },
		[](Pictures &p) { p.schema.tables["parent"].columns[0].type = "bigint"; },
		[](Pictures &p) { p.pairs.tables[1].columns.back().type_by_rule = "text"; },
		[](Pictures &p) { p.source.foreign_keys[0].parent_schema = "other"; },
	};
	for (const auto &reason : reasons) {
		Pictures p = WithPair();
		reason(p);
		EXPECT_EQ(Differences(p), Names{}) << &reason - reasons.data();
	}
}

TEST(Audit, ANoteOfADefaultThatAnyRunCanMakeIsNone) {
	const struct {
		const char *kind, *type, *literal, *target_type;
		bool expression, due;
	} cases[] = {
		{"int", "int", "7", "integer", false, true},
		{"enum", "enum('blue','green')", "green", "made.colour", false, true},
		{"enum", "enum('blue','green')", "", "made.colour", false, false},
		{"tinyint", "tinyint(1)", "0", "boolean", false, true},
		{"tinyint", "tinyint(1)", "5", "boolean", false, false},
		{"bigint", "bigint unsigned", "18446744073709551615", "bigint", false, false},
		{"datetime", "datetime", "0000-00-00 00:00:00", "timestamp(0) without time zone", false, false},
		{"datetime", "datetime", "CURRENT_TIMESTAMP", "timestamp(0) without time zone", true, true},
		{"char", "char(36)", "uuid()", "uuid", true, true},
		{"int", "int", "f(3)", "integer", true, false},
	};
	for (const auto &one : cases) {
		Pictures p = Healthy();
		AuditSourceColumn source = SourceColumn("c", one.kind, one.type);
		source.default_text = one.literal;
		source.default_is_expression = one.expression;
		AuditTargetColumn target = TargetColumn("c", one.target_type);
		target.labels = {"blue", "green"};
		AddColumn(p, source, target);
		p.pairs.tables[0].notes["default c"] = "there is none: the two differ";
		const std::vector<std::string> found = Differences(p);
		EXPECT_EQ(std::count(found.begin(), found.end(), "defaults: column c"), one.due ? 1 : 0) << one.literal;
	}
}

TEST(Audit, ChecksThatCompareNumbersAreSampled) {
	const struct {
		const char *text;
		size_t samples;
	} cases[] = {
		{"(`m` between 1 and 100)", 7}, // NULL, 0, 1, 2, 99, 100, 101
		{"((`m` > -(5)) and (`m` is not null))", 5},
		{"((`m` - 1) > 5)", 0},
		{"(`m` <> 'x')", 0},
		{"(length(`m`) > 5)", 0},
		{"(`price` > 5)", 0}, // no whole numbers
	};
	for (const auto &one : cases) {
		Pictures p = Healthy();
		AddColumn(p, SourceColumn("m", "int", "int"), TargetColumn("m", "integer"));
		p.source.checks = {{"c", one.text, {}, true, true, ""}};
		p.target.checks = {{"c", "(m >= 1)", {"m"}, true, true, ""}};
		const auto questions = MakeCheckQuestions(p.source, p.target, p.pairs.tables[0]);
		ASSERT_EQ(questions.size(), one.samples == 0 ? 0u : 1u) << one.text;
		if (one.samples == 0)
			continue;
		const size_t count = questions[0].samples.size();
		EXPECT_EQ(count, one.samples) << one.text;
		TextRows source(count, {"0"}), target(count, {"f"});
		SetCheckAnswers(questions[0], source, target, p.target);
		EXPECT_EQ(p.target.checks[0].contradicted, "");
		source[count - 1].front() = "1";
		SetCheckAnswers(questions[0], source, target, p.target);
		EXPECT_EQ(p.target.checks[0].contradicted, questions[0].samples.back());
	}
}

TEST(Audit, TypesByRuleAreAsTheRuleSays) {
	const struct {
		const char *rule, *type;
		bool fits;
	} cases[] = {
		{"timestamptz(6)", "timestamp(6) with time zone", true},
		{"TIMESTAMP", "timestamp without time zone", true},
		{"varchar (7)", "character varying(7)", true},
		{"varchar(7)", "character varying(8)", false},
		{"numeric(5)", "numeric(5,0)", true},
		{"int", "bigint", false},
		{"pg_catalog.int8", "bigint", true},
		{"public.citext", "public.citext", true}, // not known here
	};
	for (const auto &one : cases) {
		Pictures p = Healthy();
		p.pairs.tables[0].columns[2].type_by_rule = one.rule;
		Column(p, "price").type = one.type;
		EXPECT_EQ(Differences(p).empty(), one.fits) << one.rule << " " << one.type;
	}
}

TEST(Audit, ValuesOfLiteralDefaults) {
	const struct {
		const char *kind, *type, *literal, *target_type, *value;
		bool mariadb, equal;
	} cases[] = {
		{"int", "int", "007", "integer", "7", false, true},
		{"int", "int", "7", "integer", "8", false, false},
		{"decimal", "decimal(5,2)", "1.50", "numeric(5,2)", "1.5", false, true},
		{"tinyint", "tinyint(1)", "1", "boolean", "t", false, true},
		{"tinyint", "tinyint(1)", "0", "boolean", "t", false, false},
		{"bit", "bit(4)", "b'101'", "bit(4)", "0101", false, true},
		{"bit", "bit(4)", "b'101'", "bit(4)", "0100", false, false},
		{"time", "time", "-01:30:00", "interval", "-5400.000000", false, true},
		{"time", "time", "01:30:00", "interval", "5401.000000", false, false},
		{"datetime", "datetime", "2020-01-01 00:00:00", "timestamp(0) without time zone", "2020-01-01 00:00:00.000000",
		 false, true},
		{"date", "date", "'2020-01-01'", "date", "2020-01-01", true, true},
		{"text", "text", "'it''s \\\\ \\n'", "text", "it's \\ \n", true, true},
		{"text", "text", "'it''s'", "text", "its", true, false},
		{"set", "set('a','b')", "a,b", "text[]", "a,b", false, true},
		{"double", "double", "1e100", "double precision", "1e+100", false, true},
		{"float", "float", "1.5", "real", "1.25", false, false},
	};
	for (const auto &one : cases) {
		Pictures p;
		p.schema.mariadb = one.mariadb;
		p.pairs.tables.resize(1);
		AuditSourceColumn source = SourceColumn("c", one.kind, one.type);
		source.default_text = one.literal;
		source.precision = one.kind == std::string("bit") ? 4 : 5;
		source.scale = 2;
		AuditTargetColumn target = TargetColumn("c", one.target_type);
		target.default_text = "...";
		target.default_is_constant = true;
		target.default_value = one.value;
		AddColumn(p, source, target);
		if (one.kind == std::string("set"))
			p.pairs.tables[0].notes["check c"] = "its labels are not checked";
		EXPECT_EQ(Differences(p), one.equal ? Names{} : Names{"defaults: column c"}) << one.kind << " " << one.literal;
	}
}

TEST(Audit, BoundsOfPartitions) {
	const struct {
		const char *method, *source, *target, *key_type;
		bool equal;
	} cases[] = {
		{"RANGE", "9999999999", "FOR VALUES FROM (MINVALUE) TO (MAXVALUE)", "integer",
		 true}, // more than the column holds
		{"RANGE", "99", "FOR VALUES FROM (MINVALUE) TO (MAXVALUE)", "integer", false},
		{"RANGE COLUMNS", "'2020-01-01'", "FOR VALUES FROM (MINVALUE) TO ('2020-01-01 00:00:00')",
		 "timestamp without time zone", true},
		{"LIST", "3,NULL,1", "FOR VALUES IN (1, 3, NULL)", "integer", true},
		{"LIST", "3,1", "FOR VALUES IN (1, 3, NULL)", "integer", false},
		{"HASH", "", "FOR VALUES WITH (modulus 1, remainder 0)", "integer", true},
		{"LINEAR HASH", "", "FOR VALUES WITH (modulus 2, remainder 0)", "integer", false},
	};
	for (const auto &one : cases) {
		Pictures p;
		p.pairs.tables.resize(1);
		AddColumn(p, SourceColumn("c", "", ""), TargetColumn("c", one.key_type));
		p.source.partition_method = one.method;
		p.source.partition_expression = "`c`";
		p.source.partitions = {{"p0", one.source, std::nullopt}};
		p.target.partitioned = true;
		const std::string method = std::string(one.method).find("HASH") != std::string::npos
									   ? "HASH"
									   : std::string(one.method).substr(0, std::string(one.method).find(' '));
		p.target.partition_key = method + " (c)";
		p.target.partitions = {{"x", one.target, std::nullopt}};
		EXPECT_EQ(Differences(p).empty(), one.equal) << one.method << " " << one.source << " " << one.target;
	}
}

TEST(Audit, RowsOfTheCatalogBecomeATarget) {
	const TextRows none;
	const TextRows tables = {{"7", "t", "f", std::nullopt, std::nullopt}};
	const TextRows columns = {{"7", "a", "integer", "t", "", "f", std::nullopt, "3", "t"},
							  {"7", "b", "s.e", "f", "", "f", "why", std::nullopt, std::nullopt}};
	const TextRows labels = {{"7", "b", "x"}, {"7", "b", "y"}};
	const TextRows keys = {{"7", "k", "f", "t", "btree", std::nullopt, "a", std::nullopt, "f"},
						   {"7", "k", "f", "t", "btree", std::nullopt, std::nullopt, "lower(b)", "t"}};
	const TextRows foreign_keys = {{"7", "f", "s", "p", "a", "n", "a", "id"}};
	const TextRows checks = {{"7", "c", "true", "t", "t", std::nullopt}};
	AuditTargetRows rows;
	rows.tables = &tables;
	rows.columns = &columns;
	rows.labels = &labels;
	rows.keys = &keys;
	rows.foreign_keys = &foreign_keys;
	rows.checks = &checks;
	rows.triggers = rows.partitions = &none;
	AuditTarget target = ReadAuditTargets(rows).at(7);
	ASSERT_EQ(target.columns.size(), 2u);
	EXPECT_EQ(target.columns[1].labels, (Names{"x", "y"}));
	ASSERT_EQ(target.keys.size(), 1u);
	EXPECT_EQ(target.keys[0].parts[1].expression, "lower(b)");
	EXPECT_TRUE(target.keys[0].parts[1].descending);
	EXPECT_EQ(target.foreign_keys[0].on_update, "NO ACTION");
	EXPECT_EQ(target.foreign_keys[0].on_delete, "SET NULL");
	EXPECT_TRUE(target.checks[0].columns.empty());
	EXPECT_EQ(AuditDefaultsQuery(target), "SELECT pg_catalog.concat((3))");
	SetAuditDefaults(target, {{"3"}});
	EXPECT_EQ(target.columns[0].default_value, "3");
}

} // namespace
} // namespace alkconv::core
