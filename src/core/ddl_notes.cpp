// Regime: C++ (may throw, never calls Postgres)
//
// The first of a kind gives its place to all.
#include "core/ddl_notes.hpp"

#include <map>

namespace alkconv::core {

namespace {

constexpr std::string_view kRenamed = "renamed ";

struct Renames {
	size_t count = 0;
	std::string list;
};

std::string Line(const DdlNote &note) {
	return note.table + (note.object == note.table ? "" : "." + note.object) + ": " + note.other_name;
}

std::map<std::string, Renames> RenamesByKind(const std::vector<DdlNote> &notes) {
	std::map<std::string, Renames> kinds;
	for (const DdlNote &note : notes) {
		if (!IsRename(note))
			continue;
		Renames &renames = kinds[note.kind];
		renames.list += (++renames.count == 1 ? "" : "\n") + Line(note);
	}
	return kinds;
}

} // namespace

bool IsRename(const DdlNote &note) noexcept { return !note.other_name.empty(); }

std::vector<DdlNote> SummarizedNotes(const Ddl &ddl, const std::string &database) {
	std::map<std::string, Renames> kinds = RenamesByKind(ddl.notes);
	std::vector<DdlNote> notes;
	for (const DdlNote &note : ddl.notes) {
		if (!IsRename(note) || kinds[note.kind].count <= kFewRenames) {
			notes.push_back(note);
			continue;
		}
		Renames &renames = kinds[note.kind];
		if (renames.list.empty())
			continue; // said already
		notes.push_back({note.kind, "", database,
						 std::to_string(renames.count) +
							 " are called otherwise, by a rule or because their names are taken, reserved or too long",
						 std::move(renames.list), note.other_name});
		renames.list.clear();
	}
	return notes;
}

} // namespace alkconv::core
