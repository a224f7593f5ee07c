// Regime: C++ (may throw, never calls Postgres)
//
// Many other names are one note, a few stand by themselves, and nothing else is put together.
#include "core/ddl_notes.hpp"

#include <gtest/gtest.h>

namespace alkconv::core {
namespace {

DdlNote Rename(const std::string &kind, const std::string &table, const std::string &name) {
	return {"renamed " + kind, table, name, "is called x", "", table + "_" + name};
}

Ddl DdlOf(std::vector<DdlNote> notes) {
	Ddl ddl;
	ddl.notes = std::move(notes);
	return ddl;
}

std::string Shown(const std::vector<DdlNote> &notes) {
	std::string text;
	for (const DdlNote &note : notes)
		text += note.kind + "|" + note.table + "|" + note.object + "|" + note.source + "\n";
	return text;
}

TEST(DdlNotes, AFewNamesStandByThemselves) {
	const Ddl ddl = DdlOf({Rename("index", "a", "i"), Rename("index", "b", "i"), Rename("index", "c", "i")});
	EXPECT_EQ(Shown(SummarizedNotes(ddl, "db")), "renamed index|a|i|\nrenamed index|b|i|\nrenamed index|c|i|\n");
}

TEST(DdlNotes, ManyNamesOfAKindAreOneNoteThatListsThem) {
	const Ddl ddl = DdlOf({Rename("index", "a", "i"),
						   {"view", "", "v", "not carried over", "SELECT 1"},
						   Rename("table", "A", "A"),
						   Rename("index", "b", "i"),
						   Rename("index", "c", "i"),
						   Rename("index", "d", "i")});
	const std::vector<DdlNote> notes = SummarizedNotes(ddl, "db");
	EXPECT_EQ(Shown(notes),
			  "renamed index||db|a.i: a_i\nb.i: b_i\nc.i: c_i\nd.i: d_i\nview||v|SELECT 1\nrenamed table|A|A|\n");
	EXPECT_EQ(notes[0].text.rfind("4 are called otherwise", 0), 0u);
	EXPECT_TRUE(IsRename(notes[0]));
	EXPECT_FALSE(IsRename(notes[1]));
}

TEST(DdlNotes, ATableIsListedByItsName) {
	const Ddl ddl = DdlOf(
		{Rename("table", "a", "a"), Rename("table", "b", "b"), Rename("table", "c", "c"), Rename("table", "d", "d")});
	EXPECT_EQ(SummarizedNotes(ddl, "db")[0].source, "a: a_a\nb: b_b\nc: c_c\nd: d_d");
}

} // namespace
} // namespace alkconv::core
