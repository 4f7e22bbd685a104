"""A meeting from its draft to its waiting list, in a real browser: with script at the desk, without it on a phone."""

from __future__ import annotations

from datetime import date, timedelta


def test_a_correspondent_announces_and_members_take_the_last_places(open_page):
    desk = open_page(who="correspondante@demo.example")
    desk.goto("/agenda/organiser/nouvelle/")
    desk.get_by_label("Titre").fill("Visite des jardins de pluie")
    desk.get_by_label("Date", exact=True).fill((date.today() + timedelta(days=5)).isoformat())
    desk.get_by_label("Heure de début").fill("14:00")
    desk.get_by_label("Heure de fin").fill("16:30")
    desk.get_by_label("Lieu").fill("Place de la mairie")
    desk.get_by_label("Commune").fill("Rennes")
    desk.get_by_label("Salle en ligne").fill("https://visio.demo.example/jardins")
    desk.get_by_label("Nombre de places").fill("1")
    desk.get_by_role("button", name="Enregistrer").click()
    desk.get_by_role("link", name="Programme et intervenants").click()
    desk.get_by_role("link", name="Ajouter un point").click()
    desk.get_by_label("Titre").fill("Départ sous le grand chêne")
    desk.get_by_role("button", name="Enregistrer").click()
    desk.get_by_role("link", name="Revenir à la rencontre").click()
    address = desk.url
    phone = open_page(width=320, script=False, who="membre@demo.example")
    assert phone.goto(address).status == 404, "a draft is nobody else's"
    desk.get_by_role("button", name="Annoncer la rencontre").click()
    phone.goto("/agenda/")
    phone.get_by_role("link", name="Visite des jardins de pluie").click()
    assert "Départ sous le grand chêne" in phone.inner_text("main")
    assert "visio.demo.example" not in phone.content()
    phone.get_by_role("button", name="S’inscrire").click()
    assert "Votre place est réservée" in phone.inner_text("main")
    assert "visio.demo.example" in phone.content()
    second = open_page(width=320, script=False, who="elu@demo.example")
    second.goto(address)
    second.get_by_role("button", name="S’inscrire en liste d’attente").click()
    assert "Vous êtes 1er sur la liste d’attente" in second.inner_text("main")
    phone.get_by_role("button", name="Annuler mon inscription").click()
    second.reload()
    assert "Votre place est réservée" in second.inner_text("main")
    second.goto("/")
    assert "Visite des jardins de pluie" in second.inner_text("[data-strip=home-0]")
    desk.goto(f"{address.rpartition('-visite')[0]}/annuler/")
    desk.get_by_label("Motif").fill("Alerte orange : vents violents.")
    desk.get_by_role("button", name="Annuler la rencontre").click()
    second.goto(address)
    assert "vents violents" in second.inner_text("main")
    assert "visio.demo.example" not in second.content()
