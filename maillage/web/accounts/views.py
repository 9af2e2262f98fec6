"""One's own account: the password."""

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters

from maillage.core.refusals import Refused
from maillage.credentials.sessions import close, follow
from maillage.organisations.attempts import Door
from maillage.organisations.people.actions import change_password
from maillage.web.accounts.forms import PasswordForm
from maillage.web.accounts.shown import signed_in_user
from maillage.web.middleware import MemberRequest
from maillage.web.rules import page


@page(at_the_door=True, methods=("GET", "POST"), fresh=True, meanwhile=True)
@sensitive_post_parameters()
def password(request: MemberRequest) -> HttpResponse:
    """Change one's password; her other sessions end, this one goes on under a new key."""
    user = signed_in_user(request)
    door = Door(account=f"password:{user.id}")
    may_go_on = True
    if request.method == "POST":
        request.lasting.append(door.tried)  # should the answer roll the request back
        may_go_on = door.tried()
    form = PasswordForm(request.POST or None, user=user, may_go_on=may_go_on)
    if request.method == "POST" and form.is_valid():
        try:
            change_password(
                user=user, password=form.cleaned_data["password"], by=request.member, at=request.instant
            )
        except Refused as refused:
            for fault in refused.faults:
                form.add_error("password", fault.message)
        else:
            door.opened()
            before = str(request.session.session_key)
            update_session_auth_hash(request, user)
            after = str(request.session.session_key)
            follow(user=user, before=before, after=after)
            close(user=user, session=None, except_key=after)
            messages.success(
                request, "Mot de passe changé. Les autres sessions ouvertes avec l’ancien sont fermées."
            )
            return redirect("home")
    return render(request, "account/password.html", {"form": form})
