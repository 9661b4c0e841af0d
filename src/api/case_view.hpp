// A case as operations look at it: its state, what this node may read of its acts, and lines of its
// timeline.
#pragma once

#include "api/api.hpp"
#include "api/passkeys.hpp"

namespace comity::api {

struct Seen {
    casefile::Case state;
    std::shared_ptr<const procedure::Graph> graph;
    std::shared_ptr<const directory::Directory> directory;
};

/// The case of the path. Refuses with not_found.
Result<Seen> see(Api& api, const Call& call);

struct ActSeen {
    Seen seen;
    node::ActRow row;
};

/// The case of the path and the act in it whose hash this is; an act of another case is as unknown
/// here as one of none.
Result<ActSeen> see_act(Api& api, const Call& call, std::string_view hash);

/// What this node may read of an act. Refuses with inspection_missing where an oversight body has
/// not said that it looks, and with not_found where nothing is for this node.
Result<json::Object> readable(Api& api, const Call& call, const node::ActRow& row);

/// In the log: this person has read what the act of that hash says, and as what: its fields, its
/// letter. Whatever shows a body calls it.
void note_body_read(Api& api, const Call& call, std::string_view act, std::string_view as);

/// The latest acts of a case, each opened once, when it is first asked for.
class OpenedActs {
public:
    OpenedActs(Api& api, const casefile::Case& state) : api_(api), state_(state) {}

    /// Null when there is no such act or none of it may be shown here.
    const json::Object* latest(const std::string& act);

private:
    Api& api_;
    const casefile::Case& state_;
    std::map<std::string, std::optional<json::Object>> opened_;
};

/// What is asked for or allowed, as far as this node may read it: the latest word counts.
json::Array grid_of(OpenedActs& acts);
/// The requesting office's file number, or the beginning of the case's id.
std::string reference_of(OpenedActs& acts, const CaseId& id);

/// How far this node's record reaches, asked once for a page of entries.
struct RecordSeen {
    explicit RecordSeen(Api& api);

    std::int64_t size = 0;
    std::int64_t witnesses = 0; ///< cosignatures under the checkpoint in force
};

/// TimelineEntry of the contract.
json::Object timeline_entry(
    Api& api, const Seen& seen, const RecordSeen& record, const node::ActRow& row,
    const Names& names, std::string_view language);

} // namespace comity::api
