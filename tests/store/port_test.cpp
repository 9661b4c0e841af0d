// The whole port as one suite, run against SQLite and against the store in memory: what tests of
// deeds learn from the fake must be true of the real one. A random part compares the two directly.
#include "base/fault.hpp"
#include "support/broken_store.hpp"
#include "support/store_both.hpp"
#include "support/store_samples.hpp"

#include <doctest/doctest.h>

#include <random>

using namespace comity;
using namespace comity::test;
using node::StoreReader;
using node::StoreWriter;

TEST_CASE_TEMPLATE("an empty store answers every question with nothing", T, InSqlite, InMemory) {
    T subject;
    InMemory other;
    CHECK(ask(subject.store, [](auto& r) { return dump(r, 2); }) == ask(other.store, [](auto& r) {
              return dump(r, 2);
          }));
    CHECK(ask(subject.store, [](auto& r) { return r.leaf_count(); }) == 0);
    CHECK_FALSE(ask(subject.store, [](auto& r) { return r.directory(std::nullopt); }));
}

TEST_CASE_TEMPLATE(
    "cases are replaced whole and listed by their newest change", T, InSqlite, InMemory) {
    T subject;
    subject.store.write([](StoreWriter& w) {
        w.put_case(sample_case(1, 10));
        w.put_case(sample_case(2, 30));
        w.put_case(sample_case(3, 20));
        auto changed = sample_case(1, 40);
        changed.state = std::string("{\"zero\":\"\0\"}", 12);
        changed.wakes = at(-5); // before 1970
        w.put_case(changed);
        CHECK(show(*w.find_case(case_number(1))) == show(changed)); // the writer sees what it wrote
    });
    CHECK(ask(subject.store, [](auto& r) {
              return show(r.cases(2));
          }).find(show(sample_case(2, 30))) != std::string::npos);
    const auto rows = ask(subject.store, [](auto& r) { return r.cases(10); });
    REQUIRE(rows.size() == 3);
    CHECK(rows[0].id == case_number(1));
    CHECK(rows[0].state.size() == 12);
    CHECK(rows[0].wakes == at(-5));
    CHECK(rows[1].id == case_number(2));
    CHECK(rows[2].id == case_number(3));
    CHECK(ask(subject.store, [](auto& r) { return r.cases(0); }).empty());
}

TEST_CASE_TEMPLATE("a case wakes at its instant, not a millisecond before", T, InSqlite, InMemory) {
    T subject;
    subject.store.write([](StoreWriter& w) {
        for (const std::uint32_t i : {1U, 2U, 3U}) {
            auto row = sample_case(i);
            if (i != 3) row.wakes = at(100 * i);
            w.put_case(row);
        }
    });
    const auto waking = [&](std::int64_t now) {
        return ask(subject.store, [&](auto& r) { return r.waking(at(now), 10); }).size();
    };
    CHECK(waking(99) == 0);
    CHECK(waking(100) == 1);
    CHECK(waking(101) == 1);
    CHECK(waking(200) == 2);
    CHECK(
        ask(subject.store, [](auto& r) { return r.waking(at(300), 1); }).at(0).id ==
        case_number(1));
}

TEST_CASE_TEMPLATE("acts have one place each in a case that exists", T, InSqlite, InMemory) {
    T subject;
    subject.store.write([](StoreWriter& w) {
        w.put_case(sample_case(1));
        for (std::uint32_t i = 1; i <= 5; ++i)
            w.add_act(sample_act(i, case_number(1), i));
    });
    const auto refused = [&](const node::ActRow& row) {
        CHECK_THROWS_AS(subject.store.write([&](StoreWriter& w) { w.add_act(row); }), Fault);
    };
    refused(sample_act(3, case_number(1), 6)); // the hash is there
    refused(sample_act(6, case_number(1), 5)); // the place is taken
    refused(sample_act(7, case_number(2), 1)); // there is no such case
    const auto acts = ask(subject.store, [](auto& r) { return r.acts(case_number(1), 2, 2); });
    REQUIRE(acts.size() == 2);
    CHECK(show(acts[0]) == show(sample_act(3, case_number(1), 3)));
    CHECK(acts[1].sequence == 4);
    CHECK(ask(subject.store, [](auto& r) {
              return r.act_at(case_number(1), 5);
          })->hash == digest_number(5));
    CHECK_FALSE(ask(subject.store, [](auto& r) { return r.act_at(case_number(1), 6); }));
    CHECK(ask(subject.store, [](auto& r) { return r.find_act(digest_number(2)); })->sequence == 2);
    CHECK_FALSE(ask(subject.store, [](auto& r) { return r.find_act(digest_number(9)); }));
}

TEST_CASE_TEMPLATE(
    "parts of any bytes come back exactly, and destroyed ones do not", T, InSqlite, InMemory) {
    T subject;
    Bytes every;
    for (int i = 0; i < 256; ++i)
        every += static_cast<char>(i);
    const Bytes large(1024 * 1024, 'x');
    subject.store.write([&](StoreWriter& w) {
        w.put_part(digest_number(1), 0, every);
        w.put_part(digest_number(1), 2, "");
        w.put_part(digest_number(1), 15, large);
        w.put_part(digest_number(2), 0, "other");
    });
    CHECK(ask(subject.store, [](auto& r) { return r.part(digest_number(1), 0); }) == every);
    CHECK(ask(subject.store, [](auto& r) { return r.part(digest_number(1), 2); }) == Bytes());
    CHECK_FALSE(ask(subject.store, [](auto& r) { return r.part(digest_number(1), 1); }));
    const auto parts = ask(subject.store, [](auto& r) { return r.parts(digest_number(1)); });
    CHECK(parts.size() == 3);
    CHECK(parts.at(15) == large);
    subject.store.write([&](StoreWriter& w) { w.destroy_parts(digest_number(1)); });
    CHECK(ask(subject.store, [](auto& r) { return r.parts(digest_number(1)); }).empty());
    CHECK_FALSE(ask(subject.store, [](auto& r) { return r.part(digest_number(1), 2); }));
    CHECK(ask(subject.store, [](auto& r) { return r.part(digest_number(2), 0); }) == "other");
}

TEST_CASE_TEMPLATE("submissions and drafts are replaced whole", T, InSqlite, InMemory) {
    T subject;
    node::SubmissionRow submission;
    submission.hash = digest_number(1);
    submission.case_id = case_number(7); // a case that this node does not know yet
    submission.created = at(5);
    node::DraftRow draft;
    draft.hash = digest_number(1);
    draft.header = Bytes("\0\xff", 2);
    draft.parts = {{0, "a"}, {3, ""}};
    subject.store.write([&](StoreWriter& w) {
        w.put_submission(submission);
        w.put_draft(draft);
        draft.parts = {{1, "b"}};
        w.put_draft(draft);
        submission.state = node::SubmissionRow::State::refused;
        submission.answer = R"({"code":"four_eyes"})";
        w.put_submission(submission);
        w.remove_draft(digest_number(9)); // nothing to remove is no error
    });
    const auto found =
        ask(subject.store, [](auto& r) { return r.find_submission(digest_number(1)); });
    REQUIRE(found);
    CHECK(show(*found) == show(submission));
    CHECK(ask(subject.store, [](auto& r) { return r.submissions(case_number(7)); }).size() == 1);
    CHECK(show(*ask(subject.store, [](auto& r) {
              return r.find_draft(digest_number(1));
          })) == show(draft));
    subject.store.write([](StoreWriter& w) { w.remove_draft(digest_number(1)); });
    CHECK_FALSE(ask(subject.store, [](auto& r) { return r.find_draft(digest_number(1)); }));
}

TEST_CASE_TEMPLATE(
    "the outbox gives the first of each destination and case, and a failed one holds its case", T,
    InSqlite, InMemory) {
    T subject;
    subject.store.write([](StoreWriter& w) {
        CHECK(w.add_outbox(sample_outbox("b", 1, 50)) == 1);
        CHECK(w.add_outbox(sample_outbox("b", 1, 10)) == 2); // behind 1, though due earlier
        CHECK(w.add_outbox(sample_outbox("b", 2, 20)) == 3); // another case does not wait
        CHECK(w.add_outbox(sample_outbox("c", 1, 30)) == 4); // nor does another destination
    });
    const auto due = [&](std::int64_t now) {
        std::vector<std::int64_t> ids;
        for (const auto& to : ask(subject.store, [](auto& r) { return r.outbox_destinations(); }))
            for (const auto& row :
                 ask(subject.store, [&](auto& r) { return r.outbox_due(to, at(now), 10); }))
                ids.push_back(row.id);
        return ids;
    };
    CHECK(due(19) == std::vector<std::int64_t>{});
    CHECK(due(20) == std::vector<std::int64_t>{3});
    CHECK(due(49) == std::vector<std::int64_t>{3, 4});
    CHECK(due(50) == std::vector<std::int64_t>{3, 1, 4});
    auto row = sample_outbox("b", 1, 50);
    row.id = 1;
    row.failed = true;
    row.problem =
        say("the other node refused it: {}", say("{} waits for {}", Said::act("order"), at(3)));
    row.attempts = 4;
    subject.store.write([&](StoreWriter& w) { w.update_outbox(row); });
    CHECK(due(60) == std::vector<std::int64_t>{3, 4});
    CHECK(show(ask(subject.store, [](auto& r) { return r.outbox(1); }).at(0)) == show(row));
    CHECK(show(*ask(subject.store, [](auto& r) { return r.find_outbox(1); })) == show(row));
    CHECK_FALSE(ask(subject.store, [](auto& r) { return r.find_outbox(99); }));
    using Names = std::vector<ParticipantId>;
    CHECK(ask(subject.store, [](auto& r) {
              return r.outbox_destinations();
          }) == Names{ParticipantId("b"), ParticipantId("c")});
    subject.store.write([](StoreWriter& w) {
        w.remove_outbox(1);
        w.remove_outbox(4);
    });
    CHECK(due(60) == std::vector<std::int64_t>{2, 3});
    // Ids are not given again, and a late answer to a removed row changes nothing.
    row.id = 4;
    subject.store.write([&](StoreWriter& w) {
        w.update_outbox(row);
        CHECK(w.add_outbox(sample_outbox("d", 1, 0)) == 5);
    });
    CHECK(ask(subject.store, [](auto& r) { return r.outbox(10); }).size() == 3);
}

TEST_CASE_TEMPLATE(
    "notes of the roll and invitations come back as put, and a person's drafts go together", T,
    InSqlite, InMemory) {
    T subject;
    const node::RollNote note{digest_number(1), "Kari", "Blue", "visit", at(5), std::nullopt};
    node::RollNote other{digest_number(2), "", "", "", std::nullopt, at(9)};
    const node::InvitationRow open{"a", digest_number(7), at(10), "{}"};
    const node::InvitationRow later{"b", digest_number(8), at(11), "{\"b\":1}"};
    const node::InvitationRow used{"c", std::nullopt, at(11), "{}"};
    const node::InvitationRow also_used{"d", std::nullopt, at(2), "{}"};
    const auto draft = [](std::uint32_t number, const std::string& person) {
        node::DraftRow row{
            .hash = digest_number(number),
            .header = "header",
            .parts = {{0, "part"}},
            .created = at(1),
            .person = PersonId(person)};
        return row;
    };
    subject.store.write([&](StoreWriter& w) {
        w.put_roll_note(note);
        w.put_roll_note(other);
        for (const auto& row : {open, later, used, also_used})
            w.put_invitation(row);
        for (const std::uint32_t number : {1U, 2U})
            w.put_draft(draft(number, "kari"));
        w.put_draft(draft(3, "nils"));
    });
    CHECK(ask(subject.store, [](auto& r) { return r.roll_notes(); }) == std::vector{note, other});
    CHECK(ask(subject.store, [](auto& r) { return r.find_roll_note(digest_number(1)); }) == note);
    CHECK_FALSE(ask(subject.store, [](auto& r) { return r.find_roll_note(digest_number(3)); }));
    CHECK(ask(subject.store, [](auto& r) {
              return r.invitations(10);
          }) == std::vector{later, used, open, also_used});
    CHECK(ask(subject.store, [](auto& r) { return r.invitations(2); }).size() == 2);
    CHECK(ask(subject.store, [](auto& r) { return r.find_invitation("a"); }) == open);
    CHECK(ask(subject.store, [](auto& r) {
              return r.find_invitation_by(digest_number(8));
          }) == later);
    CHECK_FALSE(ask(subject.store, [](auto& r) { return r.find_invitation_by(digest_number(9)); }));
    CHECK_FALSE(ask(subject.store, [](auto& r) { return r.find_invitation("e"); }));
    CHECK_THROWS_AS(
        subject.store.write(
            [](StoreWriter& w) { w.put_invitation({"e", digest_number(7), at(1), "{}"}); }),
        Fault);
    CHECK(ask(subject.store, [](auto& r) {
              return r.find_draft(digest_number(1));
          })->person == PersonId("kari"));
    other.ended = std::nullopt;
    subject.store.write([&](StoreWriter& w) {
        w.put_roll_note(other);
        w.put_invitation({"a", std::nullopt, at(20), "{\"a\":2}"});
        w.remove_invitation("b");
        w.remove_invitation("nobody");
        w.remove_drafts_of(PersonId("kari"));
        w.remove_drafts_of(PersonId("nobody"));
    });
    CHECK(ask(subject.store, [](auto& r) { return r.find_roll_note(digest_number(2)); }) == other);
    CHECK_FALSE(ask(subject.store, [](auto& r) { return r.find_invitation_by(digest_number(7)); }));
    CHECK(ask(subject.store, [](auto& r) { return r.invitations(10); }).front().id == "a");
    CHECK(ask(subject.store, [](auto& r) { return r.invitations(10); }).size() == 3);
    const auto kept = [&](std::uint32_t number) {
        return ask(subject.store, [&](auto& r) { return r.find_draft(digest_number(number)); })
            .has_value();
    };
    CHECK_FALSE(kept(1));
    CHECK_FALSE(kept(2));
    CHECK(kept(3));
}

TEST_CASE_TEMPLATE(
    "evidence, roll, directory, obligations, marks and witnessed records come back as put", T,
    InSqlite, InMemory) {
    T subject;
    node::EvidenceRow item{
        .case_id = case_number(1),
        .hash = digest_number(1),
        .size = std::uint64_t{1} << 40,
        .state = node::EvidenceRow::State::expected,
        .act = digest_number(2),
        .from = ParticipantId("a"),
        .to = ParticipantId("b")};
    CHECK_THROWS_AS(subject.store.write([&](StoreWriter& w) { w.put_evidence(item); }), Fault);
    const node::RollRow entry{digest_number(9), PersonId("p"), "sealed", false};
    subject.store.write([&](StoreWriter& w) {
        w.put_case(sample_case(1));
        w.put_evidence(item);
        w.put_roll(entry);
        w.put_roll({digest_number(1), PersonId("q"), "second", false});
        w.put_roll({digest_number(9), PersonId("p"), "sealed", true});
        w.put_directory(2, "two");
        w.put_directory(10, "ten");
        w.put_directory(9, "nine");
        w.put_witnessed({"origin-1", 5, digest_number(5), "note"});
        w.put_witnessed({"origin-1", 6, digest_number(6), "note 6"});
        w.put_obligations(
            case_number(1), {{case_number(1), "reply", "b", "clerk", std::nullopt, std::nullopt},
                             {case_number(1), "notify", "b", "judge", at(9), 0},
                             {case_number(1), "decide", "b", "judge", at(3), 7}});
    });
    CHECK(
        show(ask(subject.store, [](auto& r) { return r.evidence(case_number(1)); })) == show(item));
    CHECK(ask(subject.store, [](auto& r) {
              return r.evidence_to_send(ParticipantId("a"), ParticipantId("b"), std::nullopt, 5);
          }).size() == 1);
    item.state = node::EvidenceRow::State::complete;
    subject.store.write([&](StoreWriter& w) { w.put_evidence(item); });
    CHECK(ask(subject.store, [](auto& r) {
              return r.evidence_to_send(ParticipantId("a"), ParticipantId("b"), std::nullopt, 5);
          }).empty());
    CHECK(show(*ask(subject.store, [&](auto& r) {
              return r.find_evidence(case_number(1), item.hash);
          })) == show(item));
    item.state = node::EvidenceRow::State::destroyed;
    subject.store.write([&](StoreWriter& w) { w.put_evidence(item); });
    CHECK(ask(subject.store, [](auto& r) { return r.evidence_to_remove(5); }).size() == 1);
    item.state = node::EvidenceRow::State::removed;
    subject.store.write([&](StoreWriter& w) { w.put_evidence(item); });
    CHECK(ask(subject.store, [](auto& r) { return r.evidence_to_remove(5); }).empty());
    const auto roll = ask(subject.store, [](auto& r) { return r.roll(); });
    REQUIRE(roll.size() == 2);
    CHECK(roll[0].hash == digest_number(9)); // in order of enrolment
    CHECK(roll[0].ended);
    // The place of the last one: it moves with a new entry and with no other change.
    const auto end = ask(subject.store, [](auto& r) { return r.roll_end(); });
    CHECK(end >= 2);
    subject.store.write([&](StoreWriter& w) { w.put_roll(roll[0]); });
    CHECK(ask(subject.store, [](auto& r) { return r.roll_end(); }) == end);
    subject.store.write(
        [&](StoreWriter& w) { w.put_roll({digest_number(77), roll[0].person, "third", false}); });
    CHECK(ask(subject.store, [](auto& r) { return r.roll_end(); }) > end);
    const auto own = ask(subject.store, [&](auto& r) { return r.roll_of(roll[0].person); });
    REQUIRE(own.size() >= 2);
    CHECK(own.front().hash == roll[0].hash);
    CHECK(own.front().ended);
    CHECK(own.back().text == "third");
    for (const auto& row : own)
        CHECK(row.person == roll[0].person);
    CHECK(ask(subject.store, [](auto& r) { return r.roll_of(PersonId("nobody")); }).empty());
    CHECK(ask(subject.store, [](auto& r) {
              return r.find_roll(digest_number(1));
          })->text == "second");
    CHECK(ask(subject.store, [](auto& r) { return r.directory(std::nullopt); }) == "ten");
    CHECK(ask(subject.store, [](auto& r) { return r.directory(9); }) == "nine");
    CHECK_FALSE(ask(subject.store, [](auto& r) { return r.directory(3); }));
    CHECK(ask(subject.store, [](auto& r) { return r.witnessed("origin-1"); })->size == 6);
    const auto mark = [&](std::uint32_t id) {
        return ask(
            subject.store, [&](auto& r) { return r.find_mark(digest_number(1), case_number(id)); });
    };
    const auto before = [&](Instant own, std::uint32_t id, Instant since, std::size_t limit) {
        return ask(subject.store, [&](auto& r) {
            return r.marks_before({digest_number(1), case_number(id), own, true}, since, limit);
        });
    };
    subject.store.write([&](StoreWriter& w) {
        w.put_case(sample_case(2));
        w.add_mark({digest_number(1), case_number(2), at(8), false});
        w.add_mark({digest_number(1), case_number(1), at(7), true});
        w.add_mark({digest_number(2), case_number(1), at(7), true});
    });
    CHECK(mark(1) == node::MarkRow{digest_number(1), case_number(1), at(7), true});
    CHECK_FALSE(mark(3));
    const auto marked = [&](std::size_t limit) {
        return ask(subject.store, [&](auto& r) { return r.marked(digest_number(1), limit); });
    };
    REQUIRE(marked(10).size() == 2);
    CHECK(marked(10)[0].case_id == case_number(1)); // the earliest first
    CHECK(marked(1).size() == 1);
    CHECK(before(at(7), 1, at(0), 10) == 0); // itself is not before itself
    CHECK(before(at(7), 2, at(0), 10) == 1); // at the same moment the case's id decides
    CHECK(before(at(9), 3, at(0), 10) == 2);
    CHECK(before(at(9), 3, at(7), 10) == 2); // from `since` on
    CHECK(before(at(9), 3, at(8), 10) == 1);
    CHECK(before(at(9), 3, at(9), 10) == 0);
    CHECK(before(at(9), 3, at(0), 1) == 1); // counted to the limit
    CHECK_THROWS_AS(
        subject.store.write(
            [&](StoreWriter& w) { w.add_mark({digest_number(1), case_number(1), at(7), true}); }),
        Fault);
    CHECK_THROWS_AS(
        subject.store.write(
            [&](StoreWriter& w) { w.add_mark({digest_number(3), case_number(99), at(7), true}); }),
        Fault);
    subject.store.write([](StoreWriter& w) {
        w.remove_pending_marks(case_number(1));
        w.remove_pending_marks(case_number(2));
    });
    CHECK_FALSE(mark(1));
    CHECK_FALSE(mark(2)->pending);

    const auto owed = ask(subject.store, [](auto& r) { return r.obligations(10); });
    REQUIRE(owed.size() == 3);
    CHECK(owed[0].act == "decide");
    CHECK(owed[1].act == "notify");
    CHECK(owed[2].act == "reply"); // without a day: last
    CHECK(owed[0].leaf == 7);
    CHECK(owed[1].leaf == 0);
    CHECK_FALSE(owed[2].leaf);
    const auto of_case =
        ask(subject.store, [](auto& r) { return r.obligations_of(case_number(1)); });
    REQUIRE(of_case.size() == 3);
    CHECK(of_case[0].act == "reply"); // as put
    CHECK(of_case[2].leaf == 7);
    CHECK(ask(subject.store, [](auto& r) { return r.obligations_of(case_number(2)); }).empty());
    subject.store.write([](StoreWriter& w) { w.put_obligations(case_number(1), {}); });
    CHECK(ask(subject.store, [](auto& r) { return r.obligations(10); }).empty());
}

TEST_CASE_TEMPLATE(
    "leaves are numbered from 0 without gaps, also after a write that failed", T, InSqlite,
    InMemory) {
    T subject;
    subject.store.write([](StoreWriter& w) {
        CHECK(w.leaf_count() == 0);
        CHECK(w.add_leaf("zero") == 0);
        CHECK(w.add_leaf("") == 1);
    });
    CHECK_THROWS_WITH_AS(
        subject.store.write([](StoreWriter& w) {
            CHECK(w.add_leaf("never") == 2);
            w.put_setting("name", "never");
            w.put_case(sample_case(1));
            w.add_outbox(sample_outbox("a", 1, 0));
            throw std::runtime_error("changed my mind");
        }),
        "changed my mind", std::runtime_error);
    subject.store.write([](StoreWriter& w) {
        CHECK(w.add_leaf("two") == 2);
        CHECK(w.add_outbox(sample_outbox("a", 1, 0)) == 1);
    });
    CHECK(ask(subject.store, [](auto& r) {
              return r.leaves(1, 10);
          }) == std::vector<Bytes>{"", "two"});
    CHECK(ask(subject.store, [](auto& r) { return r.leaves(0, 1); }) == std::vector<Bytes>{"zero"});
    CHECK(ask(subject.store, [](auto& r) { return r.leaf_count(); }) == 3);
    CHECK_FALSE(ask(subject.store, [](auto& r) { return r.setting("name"); }));
    CHECK(ask(subject.store, [](auto& r) { return r.cases(10); }).empty());
}

TEST_CASE_TEMPLATE(
    "a reader keeps its view while others write, and does not hold them up", T, InSqlite,
    InMemory) {
    T subject;
    subject.store.write([](StoreWriter& w) { w.put_setting("name", "before"); });
    subject.store.read([&](StoreReader& r) {
        CHECK(r.setting("name") == "before");
        subject.store.write([](StoreWriter& w) { w.put_setting("name", "after"); });
        CHECK(r.setting("name") == "before");
        subject.store.read([](StoreReader& inner) { CHECK(inner.setting("name") == "before"); });
    });
    CHECK(ask(subject.store, [](auto& r) { return r.setting("name"); }) == "after");
    subject.store.write([&](StoreWriter& w) {
        w.put_setting("name", "later");
        subject.store.read([](StoreReader& r) { CHECK(r.setting("name") == "after"); });
    });
    CHECK_THROWS_AS(
        subject.store.read([](StoreReader&) { throw std::logic_error("out"); }), std::logic_error);
    CHECK(ask(subject.store, [](auto& r) { return r.setting("name"); }) == "later");
}

TEST_CASE_TEMPLATE(
    "readers and writers on many threads see whole transactions only", T, InSqlite, InMemory) {
    T subject;
    subject.store.write([](StoreWriter& w) {
        w.put_setting("a", "0");
        w.put_setting("b", "0");
    });
    std::atomic<bool> done = false;
    std::atomic<int> torn = 0;
    std::vector<std::thread> readers;
    for (int i = 0; i < 6; ++i)
        readers.emplace_back([&] {
            while (!done)
                subject.store.read([&](StoreReader& r) {
                    if (r.setting("a") != r.setting("b")) ++torn;
                });
        });
    std::vector<std::thread> writers;
    for (int i = 0; i < 4; ++i)
        writers.emplace_back([&, i] {
            for (int n = 0; n < 50; ++n)
                subject.store.write([&](StoreWriter& w) {
                    w.put_setting("a", fmt::format("{}-{}", i, n));
                    w.put_setting("b", fmt::format("{}-{}", i, n));
                    w.add_leaf("x");
                });
        });
    for (auto& writer : writers)
        writer.join();
    done = true;
    for (auto& reader : readers)
        reader.join();
    CHECK(torn == 0);
    CHECK(ask(subject.store, [](auto& r) { return r.leaf_count(); }) == 200);
}

TEST_CASE_TEMPLATE(
    "a broken store loses a write, undoes it, or does it unheard", T, InSqlite, InMemory) {
    T subject;
    BrokenStore broken(subject.store);
    int runs = 0;
    const auto add = [&] {
        broken.write([&](StoreWriter& w) {
            ++runs;
            w.add_leaf("x");
        });
    };
    const auto leaves = [&] {
        return ask(subject.store, [](auto& r) { return r.leaf_count(); });
    };
    broken.break_write(2, Break::unrun);
    add();
    CHECK_THROWS_AS(add(), StorageFault);
    CHECK(runs == 1);
    CHECK(leaves() == 1);
    broken.break_write(1, Break::undone);
    CHECK_THROWS_AS(add(), StorageFault);
    CHECK(runs > 1); // perhaps more than once: a write may be repeated
    CHECK(leaves() == 1);
    broken.break_write(1, Break::unheard);
    CHECK_THROWS_AS(add(), StorageFault);
    CHECK(leaves() == 2);
    add();
    CHECK(leaves() == 3);
    broken.break_read(1);
    CHECK_THROWS_AS(broken.read([](StoreReader&) {}), StorageFault);
    CHECK_NOTHROW(broken.read([](StoreReader&) {}));
    CHECK(broken.writes() == 5);
}

namespace {

constexpr std::uint32_t numbers = 6;

/// One random change, the same for every writer that is given the same numbers.
void change(StoreWriter& w, std::mt19937_64& random) {
    const auto pick = [&random](std::uint64_t below) {
        return static_cast<std::uint32_t>(random() % below);
    };
    const std::uint32_t i = pick(numbers);
    const std::uint32_t j = pick(numbers);
    const CaseId id = case_number(i);
    switch (pick(17)) {
    case 0: {
        auto row = sample_case(i, pick(8));
        if (pick(2) == 0) row.wakes = at(pick(12));
        w.put_case(row);
        break;
    }
    case 1: w.add_act(sample_act(j, id, 1 + pick(4))); break;
    case 2:
        w.put_part(digest_number(j), pick(3), Bytes(pick(9), static_cast<char>(pick(256))));
        break;
    case 3: w.destroy_parts(digest_number(j)); break;
    case 4:
        w.put_submission(
            {digest_number(j), id, "kind", "seal", static_cast<node::SubmissionRow::State>(pick(3)),
             "answer", at(pick(4))});
        break;
    case 5: {
        node::DraftRow draft{
            .hash = digest_number(j), .header = "header", .parts = {}, .created = at(pick(4))};
        for (std::uint32_t n = pick(3); n > 0; --n)
            draft.parts.emplace(pick(5), "part");
        w.put_draft(draft);
        break;
    }
    case 6: w.remove_draft(digest_number(j)); break;
    case 7:
    case 8: w.add_outbox(sample_outbox("to-" + std::to_string(pick(3)), i, pick(12))); break;
    case 9: {
        auto row = sample_outbox("to-" + std::to_string(pick(3)), i, pick(12));
        row.id = 1 + pick(20);
        row.failed = pick(3) == 0;
        row.kind = node::OutboxRow::Kind::submit;
        w.update_outbox(row);
        break;
    }
    case 10: w.remove_outbox(1 + pick(20)); break;
    case 11:
        w.put_evidence(
            {id, digest_number(j), pick(99), static_cast<node::EvidenceRow::State>(pick(4)),
             digest_number(i), ParticipantId(std::string(1, static_cast<char>('a' + pick(2)))),
             ParticipantId(std::string(1, static_cast<char>('b' + pick(3))))});
        break;
    case 12: w.put_roll({digest_number(j), PersonId("p"), "text", pick(2) == 0}); break;
    case 13: w.put_directory(i, "directory " + std::to_string(j)); break;
    case 14: {
        std::vector<node::ObligationRow> rows;
        for (std::uint32_t n = pick(4); n > 0; --n) {
            rows.push_back(
                {id, "act", "side", "role " + std::to_string(n), std::nullopt, std::nullopt});
            if (pick(3) != 0) rows.back().due = at(pick(6));
            if (pick(2) != 0) rows.back().leaf = pick(99);
        }
        w.put_obligations(id, rows);
        break;
    }
    case 15:
        w.put_witnessed({"origin-" + std::to_string(i), pick(99), digest_number(j), "note"});
        break;
    default:
        w.add_leaf("leaf " + std::to_string(j));
        w.put_setting("name-" + std::to_string(i), "value " + std::to_string(j));
    }
}

/// A transaction of some changes, of which some end in an exception. True when it was written.
bool transact(node::Store& store, std::uint64_t seed) {
    try {
        store.write([seed](StoreWriter& w) {
            std::mt19937_64 random(seed);
            for (std::uint64_t n = 1 + random() % 5; n > 0; --n)
                change(w, random);
            if (random() % 5 == 0) throw Fault("on purpose");
        });
        return true;
    } catch (const Fault&) {
        return false;
    }
}

} // namespace

TEST_CASE("the store in memory and the one on disk answer alike after any transactions") {
    for (std::uint64_t seed = 1; seed <= 8; ++seed) {
        CAPTURE(seed);
        InSqlite sqlite;
        InMemory memory;
        std::mt19937_64 random(seed);
        int written = 0;
        int refused = 0;
        for (int n = 0; n < 160; ++n) {
            const std::uint64_t transaction = random();
            const bool done = transact(sqlite.store, transaction);
            REQUIRE(done == transact(memory.store, transaction));
            ++(done ? written : refused);
            if (n % 8 != 7) continue;
            REQUIRE(ask(sqlite.store, [](auto& r) {
                        return dump(r, numbers);
                    }) == ask(memory.store, [](auto& r) { return dump(r, numbers); }));
        }
        CHECK(written > 30);
        CHECK(refused > 10);
    }
}
