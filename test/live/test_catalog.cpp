// Regime: C++ (may throw, never calls Postgres)
//
// The catalog as real servers describe it.
#include "live.hpp"
#include "mysql/catalog.hpp"

#include <algorithm>

namespace alkconv::live {

using core::MySqlKind;
using mysql::Connection;

namespace {

const core::SourceTable &Table(const core::SourceSchema &schema, const char *name) {
	for (const core::SourceTable &table : schema.tables)
		if (table.name == name)
			return table;
	throw std::runtime_error(std::string("no table ") + name);
}

const core::SourceColumn &Column(const core::SourceTable &table, const char *name) {
	for (const core::SourceColumn &column : table.columns)
		if (column.name == name)
			return column;
	throw std::runtime_error(std::string("no column ") + name);
}

const core::SourceKey &Key(const core::SourceTable &table, const char *name) {
	for (const core::SourceKey &key : table.keys)
		if (key.name == name)
			return key;
	throw std::runtime_error(std::string("no key ") + name);
}

bool HasObject(const core::SourceSchema &schema, const std::string &kind, const std::string &name,
			   const std::string &table = "") {
	return std::any_of(schema.objects.begin(), schema.objects.end(), [&](const core::SourceObject &o) {
		return o.kind == kind && o.name == name && o.table == table;
	});
}

// Everything of a schema as one text, to compare what two accounts see.
std::string Print(const core::SourceSchema &schema) {
	std::string text = schema.database + ' ' + schema.charset + '\n';
	for (const core::SourceTable &t : schema.tables) {
		text += t.name + ' ' + t.engine + ' ' + t.collation + ' ' + t.comment + ' ' + std::to_string(t.auto_increment) +
				'\n';
		for (const core::SourceColumn &c : t.columns)
			text += "  " + c.name + ' ' + c.type.text + ' ' + std::to_string(static_cast<int>(c.type.kind)) + ' ' +
					std::to_string(c.nullable) + std::to_string(c.auto_increment) + std::to_string(c.invisible) +
					std::to_string(c.generated) + c.generation_expression + ' ' + c.default_text.value_or("-") + ' ' +
					c.comment + '\n';
		for (const core::SourceKey &k : t.keys) {
			text += "  key " + k.name + ' ' + k.type + std::to_string(k.unique);
			for (const core::SourceKey::Part &p : k.parts)
				text += ' ' + (p.column ? std::to_string(*p.column) : p.expression) + '/' + std::to_string(p.prefix) +
						std::to_string(p.descending);
			text += '\n';
		}
		for (const core::SourceForeignKey &f : t.foreign_keys) {
			text += "  fk " + f.name + ' ' + f.parent_database + '.' + f.parent_table + ' ' + f.on_update + ' ' +
					f.on_delete;
			for (const std::string &c : f.parent_columns)
				text += ' ' + c;
			text += '\n';
		}
		for (const core::SourceCheck &c : t.checks)
			text += "  check " + c.name + ' ' + c.clause + '\n';
	}
	return text;
}

void MakeSchema(Scratch &scratch) {
	const bool mariadb = scratch.admin().mariadb();
	scratch.Run({
		"CREATE TABLE parent (a int, b int, c varchar(40) NOT NULL, PRIMARY KEY (b, a), UNIQUE KEY uc (c)) COMMENT "
		"'it''s'",
		"CREATE TABLE child (id bigint unsigned AUTO_INCREMENT PRIMARY KEY, a int, b int, self bigint unsigned, "
		"name varchar(50) DEFAULT 'x' COMMENT 'a name', `odd ``name` int INVISIBLE DEFAULT 3, "
		"z int, v int GENERATED ALWAYS AS (z + 1) VIRTUAL, s int GENERATED ALWAYS AS (z * 2) STORED, "
		"up timestamp(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3) ON UPDATE CURRENT_TIMESTAMP(3), "
		"ex datetime DEFAULT CURRENT_TIMESTAMP, j json, body text, "
		"KEY pre (name(7), b DESC), FULLTEXT KEY ft (body), "
		"CONSTRAINT fk_parent FOREIGN KEY (b, a) REFERENCES parent (b, a) ON DELETE CASCADE ON UPDATE SET NULL, "
		"CONSTRAINT fk_self FOREIGN KEY (self) REFERENCES child (id), CONSTRAINT named CHECK (name <> '')) "
		"AUTO_INCREMENT = 500",
		"INSERT INTO parent VALUES (1, 2, 'p')",
		"INSERT INTO child (a, b) VALUES (1, 2)",
		"CREATE VIEW w AS SELECT a FROM parent",
		"CREATE TRIGGER tr BEFORE INSERT ON child FOR EACH ROW SET NEW.name = 'y'",
		"CREATE PROCEDURE pr() SELECT 1",
		"CREATE FUNCTION fn() RETURNS int DETERMINISTIC RETURN 1",
		"CREATE EVENT ev ON SCHEDULE EVERY 1 YEAR DO SELECT 1",
	});
	if (mariadb)
		scratch.Run({"CREATE SEQUENCE sq", "CREATE TABLE history (a int) WITH SYSTEM VERSIONING"});
	else
		scratch.Run({"CREATE TABLE functional (a varchar(20), b int, KEY fx ((LOWER(a)), b))",
					 "ALTER TABLE functional ADD COLUMN later int"});
}

} // namespace

TEST(Catalog, DescribesTheSchema) {
	Scratch scratch;
	MakeSchema(scratch);
	Connection connection(scratch.options());
	const core::SourceSchema schema = mysql::ReadCatalog(connection, scratch.name());
	EXPECT_EQ(schema.database, scratch.name());
	EXPECT_EQ(schema.mariadb, ServerIsMariaDb());
	EXPECT_EQ(schema.server_version, connection.version());
	EXPECT_EQ(schema.charset, "utf8mb4");
	EXPECT_FALSE(schema.lower_case_names);
	EXPECT_TRUE(std::is_sorted(schema.tables.begin(), schema.tables.end(),
							   [](const core::SourceTable &a, const core::SourceTable &b) { return a.name < b.name; }));

	const core::SourceTable &child = Table(schema, "child");
	EXPECT_EQ(child.engine, "InnoDB");
	EXPECT_EQ(child.auto_increment, 501u);
	ASSERT_EQ(child.columns.size(), 13u);
	const std::vector<std::string> order = {"id", "a", "b",	 "self", "name", "odd `name", "z",
											"v",  "s", "up", "ex",	 "j",	 "body"};
	for (size_t i = 0; i < order.size(); ++i)
		EXPECT_EQ(child.columns[i].name, order[i]);
	EXPECT_TRUE(Column(child, "id").auto_increment);
	EXPECT_TRUE(Column(child, "id").type.is_unsigned);
	EXPECT_FALSE(Column(child, "id").nullable);
	EXPECT_TRUE(Column(child, "a").nullable);
	EXPECT_EQ(Column(child, "name").comment, "a name");
	EXPECT_EQ(Column(child, "name").type.length, 50u);
	EXPECT_EQ(Column(child, "name").type.charset, "utf8mb4");
	EXPECT_EQ(Column(child, "name").default_text, schema.mariadb ? "'x'" : "x");
	EXPECT_TRUE(Column(child, "odd `name").invisible);
	EXPECT_FALSE(Column(child, "odd `name").generated);
	EXPECT_TRUE(Column(child, "v").generated);
	EXPECT_TRUE(Column(child, "s").generated);
	EXPECT_NE(Column(child, "v").generation_expression, "");
	EXPECT_TRUE(Column(child, "up").on_update_now);
	EXPECT_FALSE(Column(child, "up").generated) << "DEFAULT_GENERATED is not GENERATED";
	EXPECT_FALSE(Column(child, "ex").generated);
	EXPECT_FALSE(Column(child, "ex").on_update_now);
	EXPECT_EQ(Column(child, "up").type.fsp, 3u);
	EXPECT_EQ(Column(child, "j").type.kind, MySqlKind::json);
	EXPECT_EQ(Column(child, "j").type.json_by_check, schema.mariadb);
	EXPECT_EQ(Column(child, "body").type.kind, MySqlKind::text);

	EXPECT_EQ(child.keys.at(0).name, "PRIMARY");
	const core::SourceKey &prefix = Key(child, "pre");
	ASSERT_EQ(prefix.parts.size(), 2u);
	EXPECT_FALSE(prefix.unique);
	EXPECT_EQ(prefix.parts[0].prefix, 7u);
	EXPECT_EQ(child.columns[*prefix.parts[1].column].name, "b");
	EXPECT_TRUE(prefix.parts[1].descending);
	EXPECT_EQ(Key(child, "ft").type, "FULLTEXT");
	const core::SourceTable &parent = Table(schema, "parent");
	EXPECT_EQ(parent.comment, "it's");
	EXPECT_EQ(parent.RowIdentity(), (std::vector<size_t>{1, 0}));
	EXPECT_TRUE(Key(parent, "uc").unique);

	ASSERT_EQ(child.foreign_keys.size(), 2u);
	const core::SourceForeignKey &fk = child.foreign_keys[0];
	EXPECT_EQ(fk.name, "fk_parent");
	EXPECT_EQ(fk.columns, (std::vector<size_t>{2, 1}));
	EXPECT_EQ(fk.parent_database, scratch.name());
	EXPECT_EQ(fk.parent_table, "parent");
	EXPECT_EQ(fk.parent_columns, (std::vector<std::string>{"b", "a"}));
	EXPECT_EQ(fk.on_delete, "CASCADE");
	EXPECT_EQ(fk.on_update, "SET NULL");
	EXPECT_EQ(child.foreign_keys[1].parent_table, "child");
	EXPECT_TRUE(std::any_of(child.checks.begin(), child.checks.end(),
							[](const core::SourceCheck &c) { return c.name == "named"; }));

	EXPECT_TRUE(HasObject(schema, "view", "w"));
	EXPECT_TRUE(HasObject(schema, "trigger", "tr", "child"));
	EXPECT_TRUE(HasObject(schema, "procedure", "pr"));
	EXPECT_TRUE(HasObject(schema, "function", "fn"));
	EXPECT_TRUE(HasObject(schema, "event", "ev"));
	if (schema.mariadb) {
		EXPECT_TRUE(HasObject(schema, "sequence", "sq"));
		EXPECT_TRUE(Table(schema, "history").system_versioned);
		EXPECT_EQ(schema.tables.size(), 3u);
	} else {
		const core::SourceKey &fx = Key(Table(schema, "functional"), "fx");
		EXPECT_FALSE(fx.parts[0].column.has_value());
		EXPECT_NE(fx.parts[0].expression.find("lower"), std::string::npos) << fx.parts[0].expression;
		EXPECT_EQ(Table(schema, "functional").columns.size(), 3u);
		EXPECT_EQ(schema.tables.size(), 3u);
	}
}

TEST(Catalog, SelectIsEnoughToSeeTables) {
	Scratch scratch;
	MakeSchema(scratch);
	Connection root(scratch.options()), plain(scratch.options("plain"));
	EXPECT_EQ(Print(mysql::ReadCatalog(root, scratch.name())), Print(mysql::ReadCatalog(plain, scratch.name())));
}

TEST(Catalog, GeneratedInvisiblePrimaryKeyIsAColumn) {
	Scratch scratch;
	if (ServerIsMariaDb())
		GTEST_SKIP() << "MySQL only";
	scratch.Run({"SET SESSION sql_generate_invisible_primary_key = 1", "CREATE TABLE t (a int)"});
	Connection connection(scratch.options());
	const core::SourceTable table = Table(mysql::ReadCatalog(connection, scratch.name()), "t");
	ASSERT_EQ(table.columns.size(), 2u);
	EXPECT_TRUE(table.columns[0].invisible);
	EXPECT_EQ(table.RowIdentity(), std::vector<size_t>{0});
}

TEST(Catalog, UnknownDatabase) {
	Connection connection(ServerOptions());
	const core::Error e = ErrorOf([&] { mysql::ReadCatalog(connection, "no such database"); });
	EXPECT_EQ(e.code(), core::Code::unknown_database);
	EXPECT_NE(e.message().find("no such database"), std::string::npos);
}

TEST(Catalog, EmptyDatabase) {
	Scratch scratch;
	const core::SourceSchema schema = mysql::ReadCatalog(scratch.admin(), scratch.name());
	EXPECT_TRUE(schema.tables.empty());
	EXPECT_TRUE(schema.objects.empty());
}

} // namespace alkconv::live
