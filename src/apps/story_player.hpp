// What the stories of the practice world are told with: a person performs an act, evidence is
// uploaded and opened, days pass, and what was to be proved is collected.
#pragma once

#include "apps/practice.hpp"

#include <functional>
#include <string>
#include <vector>

namespace comity::apps {

/// The bar and the lines. On a terminal a bar runs while something is waited for.
class Stage {
public:
    Stage();

    /// A story begins; so many lines are to be expected.
    void begin(std::size_t steps);
    /// A numbered line: something that somebody did.
    void line(const std::string& text);
    void say(const std::string& text);
    void waiting(std::string_view what);

    [[nodiscard]] bool is_terminal() const { return terminal_; }

private:
    void clear() const;

    std::size_t steps_ = 1;
    std::size_t done_ = 0;
    bool terminal_;
};

/// How a case of a story opens.
struct Opening {
    std::string procedure = "mla";
    std::string request = "request"; ///< the example with its form
    std::vector<std::string> third;
};

class StoryPlayer {
public:
    StoryPlayer(PracticeWorld& world, std::string law, Stage& stage);

    [[nodiscard]] Stage& stage() { return stage_; }

    [[nodiscard]] PracticeWorld& world() { return world_; }

    [[nodiscard]] const std::string& case_id() const { return case_; }

    [[nodiscard]] const std::string& request_hash() const { return request_hash_; }

    /// The example form of that name, with its dates moved to the day on which the story began.
    Result<json::Object> example(const std::string& name);
    /// Opens the case.
    Result<void> request(const Opening& opening);
    /// Prepare, approve with the person's passkey, perform, and wait until the act is admitted and
    /// has come back to the node where it was performed.
    Result<void> act(const std::string& person, const std::string& act, json::Object fields);
    /// The same with the example of that name.
    Result<void> act(const std::string& person, const std::string& act, const std::string& example);

    Result<void> act(const std::string& person, const std::string& name) {
        return act(person, name, name);
    }

    /// The act is refused, and with this code; nothing happens.
    Result<void> refused(
        const std::string& person, const std::string& act, const std::string& example, Code code);

    /// Everybody acts up to and including the production, then to the opening of evidence. `extra`
    /// adds an item that the receiving authority has to hold back.
    Result<void> produce(bool extra);
    Result<void> release();
    Result<void> receive();
    Result<void> open();
    /// Reads what was opened and compares it with what was produced.
    Result<void> read_back();
    /// The first item that was opened no longer opens, for this reason.
    Result<void> no_longer_opens(Code code);

    /// Time passes for all nodes. At each deadline on the way they get the moment they need.
    Result<void> pass(Milliseconds span, const std::string& what);
    /// Time passes while a node is down; it is left down.
    Result<void> without(const std::string& node, Milliseconds span, const std::string& what);
    /// Until a node performs the act by itself; says so in a line.
    Result<void> by_itself(const std::string& node, const std::string& act);

    // ---- Emil, whose data it is, and who has nothing but the notice in the account.

    Result<std::string> code_in_account();
    /// What the public door of a node shows for the code. Fails when an unknown code could be told
    /// from it by the length of the answer.
    Result<json::Object> shown_to_person(const std::string& node, const std::string& code);
    /// Until the challenge has come to the case.
    Result<void> challenge(const std::string& node, const std::string& code);
    /// The judge's ruling, and what the person is told of it.
    Result<void> ruled(const std::string& act, const std::string& to_person);

    Result<void> everybody_has_it(const std::vector<std::string>& nodes);
    Result<json::Object> case_at(const std::string& node);
    [[nodiscard]] bool performed(const json::Object& shown, std::string_view act) const;
    Result<void> wait_until(std::string_view what, const std::function<Result<bool>()>& done);

    /// Something that the story has shown.
    void prove(std::string text) { proved_.push_back(std::move(text)); }

    [[nodiscard]] const std::vector<std::string>& proved() const { return proved_; }

    /// The bundle, and if something was opened the evidence with the recipient's key.
    Result<void> export_all();

    [[nodiscard]] bool exported_evidence() const { return !opened_.empty() && !destroyed_; }

    /// The evidence was deleted; the export is without it.
    void evidence_is_gone() { destroyed_ = true; }

    /// Files of this case's evidence on a node's disk.
    [[nodiscard]] std::size_t evidence_files(const std::string& node) const;

private:
    Result<json::Object> prepare(const Person& person, const std::string& act, json::Object fields);
    Result<json::Object> perform(const Person& person, const json::Object& prepared);
    Result<void> wait_for(const std::string& node, std::int64_t sequence, std::string_view what);
    void jump(Instant to, const std::string& what);
    std::vector<std::pair<std::string, Instant>> owed_by_nodes();
    std::optional<Instant> next_due(Instant until);
    Result<void> evidence_complete(const std::string& node, std::size_t count);
    Result<Bytes> read_item(const std::string& sealed);
    Result<json::Object> upload(
        const std::string& name, const std::string& media_type, std::int64_t cell,
        const Bytes& content);

    PracticeWorld& world_;
    std::string law_;
    Stage& stage_;
    std::string file_; ///< number of the officer's file
    std::chrono::days distance_{0};
    Opening opening_;
    std::string case_;
    std::string request_hash_;
    std::int64_t sequence_ = 0;
    std::map<std::string, Bytes> originals_; // by plaintext hash
    json::Array produced_;
    json::Array opened_; // items that the officer opened
    bool destroyed_ = false;
    std::vector<std::string> proved_;
};

/// Set by a signal; every wait ends then.
void interrupt_stories();
bool stories_interrupted();

} // namespace comity::apps
